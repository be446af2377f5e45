import {
  Fragment,
  useCallback,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { useWidget } from '../context.js';
import { useFocusKeeper } from '../hooks/use-focus-keeper.js';
import { useShownIds } from '../hooks/use-list-view.js';
import { useLatest } from '../hooks/use-latest.js';
import { useVirtualRows } from '../hooks/use-virtual-rows.js';
import { TotalProgress } from './total-progress.js';
import { UploadItem, type UploadItemSlots } from './upload-item.js';

/** Props of {@link UploadList}. */
export interface UploadListProps {
  className?: string;
  itemClassName?: string;
  itemSlots?: UploadItemSlots;
  /** What stands above the rows. Default {@link TotalProgress}; `null` for nothing. */
  header?: ReactNode;
  /** A row of one's own, for each id. Default {@link UploadItem}. Its root needs `data-upload-id` and takes the focus. */
  children?: (id: string, isCurrent: boolean) => ReactNode;
}

const steps: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_index, last) => last,
};

const noSlots: UploadItemSlots = {};

/**
 * The rows, with their total. One stop of the Tab key: arrows move between rows, Tab goes into a row's buttons. Of long
 * lists only what is on screen is rendered, and the row that has the focus.
 */
export function UploadList({
  className = '',
  itemClassName = '',
  itemSlots = noSlots,
  header = <TotalProgress />,
  children,
}: UploadListProps): ReactNode {
  const { messages, kind } = useWidget();
  const ids = useShownIds();
  const list = useRef<HTMLUListElement>(null);
  const [focusedId, setFocusedId] = useState<string>();
  useFocusKeeper(list, ids);
  const focusedIndex = focusedId === undefined ? -1 : ids.indexOf(focusedId);
  const current = Math.max(0, focusedIndex);
  const pieces = useVirtualRows(list, ids, current);

  const focusRow = useFocusRow(list, setFocusedId, ids.length > 0);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    // Only on the row itself: keys pressed in buttons, players and fields are theirs.
    const id =
      event.target instanceof HTMLElement && event.target.parentElement === list.current
        ? event.target.dataset.uploadId
        : undefined;
    const index = id === undefined ? -1 : ids.indexOf(id);
    const next = step && index >= 0 ? ids[step(index, ids.length - 1)] : undefined;
    if (next === undefined) return;
    event.preventDefault();
    focusRow(next);
  };
  const onFocus = useCallback((event: FocusEvent) => {
    const id = event.target.closest<HTMLElement>('[data-upload-id]')?.dataset.uploadId;
    if (id !== undefined) setFocusedId(id);
  }, []);

  if (!ids.length) return null;
  return (
    <div className={`vd-panel ${className}`.trim()} data-vodrop="upload-list">
      {header}
      <ul
        className="vd-rows"
        role="list"
        ref={list}
        aria-label={messages.listLabel(kind)}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {pieces.map((piece) => {
          if ('gapPx' in piece)
            return (
              <li
                key={`gap ${piece.key}`}
                className="vd-gap"
                aria-hidden="true"
                style={{ blockSize: piece.gapPx }}
              />
            );
          const isCurrent = piece.index === current;
          if (children) return <Fragment key={piece.id}>{children(piece.id, isCurrent)}</Fragment>;
          return (
            <UploadItem
              key={piece.id}
              id={piece.id}
              className={itemClassName}
              slots={itemSlots}
              isCurrent={isCurrent}
              place={piece.place}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** Moves the focus to a row, also one that is not rendered yet; other components reach it through the widget's `rows`. */
function useFocusRow(
  list: RefObject<HTMLElement | null>,
  setFocusedId: (id: string) => void,
  hasRows: boolean,
): (id: string) => void {
  const { rows } = useWidget();
  const pending = useRef<string>(undefined);
  const latest = useLatest((id: string) => {
    const row = rowOf(list.current, id);
    // Not rendered: it is once it is the current one.
    if (!row) pending.current = id;
    setFocusedId(id);
    focusOnScreen(row);
  });
  const focusRow = useCallback(
    (id: string) => {
      latest.current(id);
    },
    [latest],
  );
  useEffect(() => (hasRows ? rows.offer(focusRow) : undefined), [rows, focusRow, hasRows]);
  useEffect(() => {
    const row = pending.current === undefined ? undefined : rowOf(list.current, pending.current);
    if (!row) return;
    pending.current = undefined;
    focusOnScreen(row);
  });
  return focusRow;
}

function rowOf(list: HTMLElement | null, id: string): HTMLElement | null | undefined {
  return list?.querySelector<HTMLElement>(`:scope > [data-upload-id="${CSS.escape(id)}"]`);
}

function focusOnScreen(row: HTMLElement | null | undefined): void {
  row?.scrollIntoView({ block: 'nearest' });
  row?.focus();
}

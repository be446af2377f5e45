import { Fragment, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useFocusKeeper } from '../hooks/use-focus-keeper.js';
import { useUploadIds } from '../hooks/use-uploads.js';
import { TotalProgress } from './total-progress.js';
import { UploadItem } from './upload-item.js';

export interface UploadListProps {
  className?: string;
  /** What stands above the rows. Default {@link TotalProgress}; `null` for nothing. */
  header?: ReactNode;
  /** A row of one's own, for each id. Default {@link UploadItem}. */
  children?: (id: string, isCurrent: boolean) => ReactNode;
}

const steps: Record<string, (index: number, last: number) => number> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_index, last) => last,
};

/** The rows, with their total. One stop of the Tab key: arrows move between rows, Tab goes into a row's buttons. */
export function UploadList({ className = '', header = <TotalProgress />, children }: UploadListProps): ReactNode {
  const { messages, kind } = useWidget();
  const ids = useUploadIds();
  const list = useRef<HTMLUListElement>(null);
  const [focusedId, setFocusedId] = useState<string>();
  useFocusKeeper(list);
  if (!ids.length) return null;
  const currentId = focusedId !== undefined && ids.includes(focusedId) ? focusedId : ids[0];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const rows = Array.from(list.current?.querySelectorAll<HTMLElement>(':scope > [data-upload-id]') ?? []);
    const index = rows.findIndex((row) => row === event.target);
    // Only on the row itself: keys pressed in buttons, players and fields are theirs.
    if (!step || index < 0) return;
    event.preventDefault();
    rows[step(index, rows.length - 1)]?.focus();
  };
  const onFocus = (event: FocusEvent) => {
    setFocusedId((event.target).closest<HTMLElement>('[data-upload-id]')?.dataset.uploadId);
  };

  return (
    <div className={`vd-panel ${className}`.trim()} data-vodrop="upload-list">
      {header}
      <ul className="vd-rows" role="list" ref={list} aria-label={messages.listLabel(kind)} onKeyDown={onKeyDown} onFocus={onFocus}>
        {ids.map((id) => (children
          ? <Fragment key={id}>{children(id, id === currentId)}</Fragment>
          : <UploadItem key={id} id={id} isCurrent={id === currentId} />))}
      </ul>
    </div>
  );
}

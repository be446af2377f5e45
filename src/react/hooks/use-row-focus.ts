import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { useWidget } from '../context.js';
import { useFocusKeeper } from './use-focus-keeper.js';
import { useLatest } from './use-latest.js';

/** Where a key leads from a row; undefined for other keys. */
export type Step = (key: string, index: number, last: number) => number | undefined;

export interface RowFocus {
  /** The row in the tab order. */
  readonly current: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** One stop of the Tab key for all rows of a list; keys move between them. */
export function useRowFocus(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  step: Step,
): RowFocus {
  const [focusedId, setFocusedId] = useState<string>();
  useFocusKeeper(list, ids);
  const focusRow = useFocusRow(list, setFocusedId, ids.length > 0);
  const onFocus = useCallback((event: FocusEvent) => {
    const id = event.target.closest<HTMLElement>('[data-upload-id]')?.dataset.uploadId;
    if (id !== undefined) setFocusedId(id);
  }, []);
  return {
    current: Math.max(0, focusedId === undefined ? -1 : ids.indexOf(focusedId)),
    onFocus,
    onKeyDown: (event) => {
      // Only on the row itself: keys pressed in buttons, players and fields are theirs.
      const id =
        event.target instanceof HTMLElement && event.target.parentElement === list.current
          ? event.target.dataset.uploadId
          : undefined;
      const index = id === undefined ? -1 : ids.indexOf(id);
      const next = index < 0 ? undefined : step(event.key, index, ids.length - 1);
      const nextId = next === undefined ? undefined : ids[next];
      if (nextId === undefined) return;
      event.preventDefault();
      focusRow(nextId);
    },
  };
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

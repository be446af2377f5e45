import { useEffect, type RefObject } from 'react';
import { useLatest } from './use-latest.js';

interface Place {
  id: string;
  order: readonly string[];
  slot: string | undefined;
}

/**
 * Keeps keyboard focus when what had it goes away: a button that a status removes hands it to its row; a row that is
 * removed hands it to the same slot of the next row, else of the previous one, else to "Choose files".
 */
export function useFocusKeeper(list: RefObject<HTMLElement | null>, ids: readonly string[]): void {
  const order = useLatest(ids);
  useEffect(() => {
    let place: Place | undefined;
    let root: Element | null = null;

    const rowOf = (id: string | undefined) =>
      (id === undefined
        ? undefined
        : list.current?.querySelector<HTMLElement>(`:scope > [data-upload-id="${CSS.escape(id)}"]`)) ??
      undefined;
    const remember = (event: FocusEvent) => {
      if (!(event.target instanceof Element) || !list.current?.contains(event.target)) {
        place = undefined;
        return;
      }
      root = list.current.closest('[data-vodrop="uploader"]');
      const row = event.target.closest<HTMLElement>('[data-upload-id]');
      const slot = event.target.closest<HTMLElement>('[data-slot]')?.dataset.slot;
      place = row ? { id: row.dataset.uploadId ?? '', order: order.current, slot } : undefined;
    };
    const forget = ({ target, relatedTarget }: FocusEvent) => {
      // A click beside the list ends it; the removal of what had focus, which fires this too, does not.
      if (relatedTarget === null)
        queueMicrotask(() => {
          if (target instanceof Element && target.isConnected) place = undefined;
        });
    };
    const mend = () => {
      // The browser moves focus to the body when the focused element goes; anything else was somebody's intent.
      if (!place || (document.activeElement !== document.body && document.activeElement !== null)) return;
      const same = rowOf(place.id);
      const next = same ?? rowOf(neighbour(place, order.current));
      if (!next) root?.querySelector<HTMLElement>('[data-vodrop="dropzone"] button')?.focus();
      else (same ?? next.querySelector<HTMLElement>(`[data-slot="${place.slot ?? ''}"]`) ?? next).focus();
    };

    const observer = new MutationObserver(mend);
    document.addEventListener('focusin', remember);
    document.addEventListener('focusout', forget);
    // A removed row may take the whole list with it, so the watch is on the document; it runs only after a focus inside.
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', remember);
      document.removeEventListener('focusout', forget);
    };
  }, [list, order]);
}

/** Who stood next to a row that is gone, and is still there. */
function neighbour({ id, order }: Place, ids: readonly string[]): string | undefined {
  const index = order.indexOf(id);
  const left = new Set(ids);
  return (
    order.slice(index + 1).find((one) => left.has(one)) ??
    order
      .slice(0, index)
      .reverse()
      .find((one) => left.has(one))
  );
}

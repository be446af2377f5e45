import { useEffect, type RefObject } from 'react';

interface Place { id: string; index: number; slot: string | undefined }

/**
 * Keeps keyboard focus when what had it goes away: a button that a status removes hands it to its row; a row that is
 * removed hands it to the same slot of the next row, else of the previous one, else to "Choose files".
 */
export function useFocusKeeper(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let place: Place | undefined;
    let root: Element | null = null;

    const rows = () => Array.from(list.current?.querySelectorAll<HTMLElement>(':scope > [data-upload-id]') ?? []);
    const remember = (event: FocusEvent) => {
      if (!(event.target instanceof Element) || !list.current?.contains(event.target)) { place = undefined; return; }
      root = list.current.closest('[data-vodrop="uploader"]');
      const row = event.target.closest<HTMLElement>('[data-upload-id]');
      const slot = event.target.closest<HTMLElement>('[data-slot]')?.dataset.slot;
      place = row ? { id: row.dataset.uploadId ?? '', index: rows().indexOf(row), slot } : undefined;
    };
    const forget = ({ target, relatedTarget }: FocusEvent) => {
      // A click beside the list ends it; the removal of what had focus, which fires this too, does not.
      if (relatedTarget === null) queueMicrotask(() => { if (target instanceof Element && target.isConnected) place = undefined; });
    };
    const mend = () => {
      // The browser moves focus to the body when the focused element goes; anything else was somebody's intent.
      if (!place || (document.activeElement !== document.body && document.activeElement !== null)) return;
      const all = rows();
      const same = all.find((row) => row.dataset.uploadId === place?.id);
      const next = same ?? all[Math.min(place.index, all.length - 1)];
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
  }, [list]);
}

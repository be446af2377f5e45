import { useEffect, type RefObject } from 'react';
import { focusedBeside, isFocusLost } from './focused-element.js';
import { useLatest } from './use-latest.js';
import { useRoot } from './use-root.js';

interface Place {
  id: string;
  order: readonly string[];
  slot: string | undefined;
}

/**
 * Restores keyboard focus when the focused element is removed: from a button that a status removes, focus moves to its
 * row; from a removed row, to the same button of the next row, else of the previous one, else to "Choose videos". That
 * is another element once the zone is small: the focus stays on it, too.
 */
export function useFocusKeeper(list: RefObject<HTMLElement | null>, ids: readonly string[]): void {
  const order = useLatest(ids);
  const widget = useRoot();
  useEffect(() => {
    let place: Place | undefined;
    // In a shadow root the document sees neither which element has the focus nor what is removed.
    const host = widget.current?.getRootNode();
    const tree = host instanceof ShadowRoot ? host : document;

    const rowOf = (id: string | undefined) =>
      (id === undefined
        ? undefined
        : list.current?.querySelector<HTMLElement>(`:scope > [data-upload-id="${CSS.escape(id)}"]`)) ??
      undefined;
    const remember = ({ target }: Pick<Event, 'target'>) => {
      place = undefined;
      if (!(target instanceof Element) || !widget.current?.contains(target)) return;
      const row = target.closest<HTMLElement>('[data-upload-id]');
      if (!list.current?.contains(target) ? !target.matches('.vd-pick') : !row) return;
      const slot = target.closest<HTMLElement>('[data-slot]')?.dataset.slot;
      place = { id: row?.dataset.uploadId ?? '', order: order.current, slot };
    };
    const forget = (event: Event) => {
      const { target, relatedTarget } = event as FocusEvent;
      // A click outside the list forgets the place. The removal of the focused element fires this too, and so does a
      // window that is left, in which the element keeps the focus.
      if (relatedTarget === null)
        queueMicrotask(() => {
          if (target instanceof Element && target.isConnected && focusedBeside(target) !== target)
            place = undefined;
        });
    };
    const restore = () => {
      // The browser moves focus to the body when the focused element goes; any other focus was set on purpose.
      if (!place || !isFocusLost(tree)) return;
      const same = rowOf(place.id);
      const next = same ?? rowOf(neighbor(place, order.current));
      if (!next) widget.current?.querySelector<HTMLElement>('[data-vodrop="dropzone"] button')?.focus();
      else (same ?? next.querySelector<HTMLElement>(`[data-slot="${place.slot ?? ''}"]`) ?? next).focus();
    };

    // It may have the focus since before this code was there.
    remember({ target: focusedBeside(widget.current) });
    const observer = new MutationObserver(restore);
    tree.addEventListener('focusin', remember);
    tree.addEventListener('focusout', forget);
    // The last row removes the whole list with it, so the document is observed.
    observer.observe(tree === document ? document.body : tree, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      tree.removeEventListener('focusin', remember);
      tree.removeEventListener('focusout', forget);
    };
  }, [list, order, widget]);
}

/** The nearest row of a removed one that still exists. */
function neighbor({ id, order }: Place, ids: readonly string[]): string | undefined {
  const index = order.indexOf(id);
  const left = new Set(ids);
  const isLeft = (one: string) => left.has(one);
  return order.slice(index + 1).find(isLeft) ?? order.slice(0, index).findLast(isLeft);
}

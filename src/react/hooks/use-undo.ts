import { useWidget } from '../context.js';
import { endNow } from '../stores/end-now.js';
import type { EndKind } from '../stores/pending-ends.js';
import { withUndoCode } from '../stores/undo-code.js';
import { focusedElement } from './focused-element.js';
import { useRoot } from './use-root.js';

/** The slot of the button that has the focus, to be remembered before it goes. */
export const slotOfFocus = (): string | undefined =>
  focusedElement()?.closest<HTMLElement>('[data-slot]')?.dataset.slot;

export interface Undo {
  /**
   * Ends them once the time to undo is over; at once where the host wants no undo. Where the code of the undo cannot be
   * loaded, it ends them five seconds later, and what is to be canceled is paused meanwhile.
   */
  readonly end: (kind: EndKind, ids: readonly string[]) => void;
}

/** Ends that can be taken back; each is announced when it begins. */
export function useUndo(): Undo {
  const widget = useWidget();
  const { uploader, hasUndo } = widget;
  const root = useRoot();
  return {
    end: (kind, ids) => {
      if (!ids.length) return;
      if (!hasUndo) {
        endNow(uploader, kind, ids);
        return;
      }
      const element = root.current;
      withUndoCode(uploader, { kind, ids }, (code, left, paused) => {
        code.beginEnding({ kind, ids: left, paused }, { widget, root: element });
      });
    },
  };
}

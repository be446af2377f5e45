import { useWidget } from '../context.js';
import { endNow } from '../stores/end-now.js';
import type { EndKind } from '../stores/pending-ends.js';
import { withQueue } from '../stores/undo-code.js';
import { focusedElement } from './focused-element.js';
import { useRoot } from './use-root.js';

/** How long a person has to undo where the styles say nothing; `--vodrop-dur-undo`. */
const defaultUndoMs = 6000;

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
  const { uploader, hasUndo, announcer, messages, format, kind: filesKind } = useWidget();
  const root = useRoot();
  return {
    end: (kind, ids) => {
      if (!ids.length) return;
      if (!hasUndo) {
        endNow(uploader, kind, ids);
        return;
      }
      const totalMs = undoMsOf(root.current);
      withQueue(uploader, { kind, ids }, (queue, left, paused) => {
        const { uploads, unfinished } = uploader.getSnapshot();
        const ending = new Set(left);
        const names = [...uploads, ...unfinished].flatMap(({ id, fileName }) =>
          ending.has(id) ? fileName : [],
        );
        const say = kind === 'remove' ? messages.sayRemoved : messages.sayCanceled;
        const what = say({ names, kind: filesKind }, format);
        queue.begin(kind, left, totalMs, paused);
        announcer.say(messages.sayUndo(what, format.duration(totalMs / 1000)), 'prompt');
      });
    },
  };
}

/** As the styles say. */
function undoMsOf(root: Element | null): number {
  const [, value = '', unit] =
    /^\s*([\d.]+)(ms|s)\s*$/.exec(root ? getComputedStyle(root).getPropertyValue('--vodrop-dur-undo') : '') ??
    [];
  return unit === undefined ? defaultUndoMs : Number(value) * (unit === 's' ? 1000 : 1);
}

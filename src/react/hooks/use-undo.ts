import { useSyncExternalStore } from 'react';
import { useWidget } from '../context.js';
import { pendingEndsOf, type EndKind, type PendingEnds } from '../stores/pending-ends.js';
import { defaultUndoMs, undoQueueOf } from '../stores/undo.js';
import { focusedElement } from './focused-element.js';
import { useRoot } from './use-root.js';

/** What is about to end in this widget; renewed when something begins, ends, is held or released. */
export function usePendingEnds(): PendingEnds {
  const queue = pendingEndsOf(useWidget().uploader);
  return useSyncExternalStore(queue.subscribe, queue.getSnapshot, queue.getSnapshot);
}

/** What is about to become of this one. Renders only when that changes. */
export function usePendingKind(id: string): EndKind | undefined {
  const queue = pendingEndsOf(useWidget().uploader);
  const read = () => queue.getSnapshot().get(id)?.kind;
  return useSyncExternalStore(queue.subscribe, read, read);
}

/** The slot of the button that has the focus, to be remembered before it goes. */
export const slotOfFocus = (): string | undefined =>
  focusedElement()?.closest<HTMLElement>('[data-slot]')?.dataset.slot;

export interface Undo {
  /** Ends them once the time to undo is over; at once where the host wants no undo. */
  readonly end: (kind: EndKind, ids: readonly string[]) => void;
  readonly undo: (ids: Iterable<string>) => void;
}

/** Ends that can be taken back; each is announced when it begins. */
export function useUndo(): Undo {
  const { uploader, hasUndo, announcer, messages, format, kind: filesKind } = useWidget();
  const root = useRoot();
  const queue = undoQueueOf(uploader);
  return {
    end: (kind, ids) => {
      if (!ids.length) return;
      if (!hasUndo) {
        queue.endNow(kind, ids);
        return;
      }
      const totalMs = undoMsOf(root.current);
      const { uploads, unfinished } = uploader.getSnapshot();
      const ending = new Set(ids);
      const names = [...uploads, ...unfinished].flatMap(({ id, fileName }) =>
        ending.has(id) ? fileName : [],
      );
      const say = kind === 'remove' ? messages.sayRemoved : messages.sayCanceled;
      const what = say({ names, kind: filesKind }, format);
      queue.begin(kind, ids, totalMs);
      announcer.say(messages.sayUndo(what, format.duration(totalMs / 1000)), 'prompt');
    },
    undo: (ids) => {
      queue.undo(ids);
      announcer.say(messages.restored, 'prompt');
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

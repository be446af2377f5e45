import type { Uploader } from '../../engine/index.js';
import { Deferred } from './deferred.js';
import { endNow } from './end-now.js';
import type { EndKind } from './pending-ends.js';
import type { UndoQueue } from './undo.js';

/** Loaded when a pointer or the focus comes to what can be ended. */
export const undoCode = new Deferred(() => import('../components/undo-chunk.js'));

export const loadUndo = (): void => void undoCode.load();

/** What the person ends must end, also where the code is gone, as after a deploy. */
const patienceMs = 5000;

/** What waits for the code, by its uploader. */
const waiting = new Map<() => void, Uploader>();

/** Calls back with the queue; without its code there is no way back, and they end at once. */
export function withQueue(
  uploader: Uploader,
  ending: { readonly kind: EndKind; readonly ids: readonly string[] },
  begin: (queue: UndoQueue) => void,
): void {
  const code = undoCode.peek();
  if (code) {
    begin(code.undoQueueOf(uploader));
    return;
  }
  const end = () => {
    clearTimeout(timer);
    stop();
    waiting.delete(end);
  };
  const timer = setTimeout(() => {
    end();
    endNow(uploader, ending.kind, ending.ids);
  }, patienceMs);
  const stop = undoCode.when(({ undoQueueOf }) => {
    end();
    begin(undoQueueOf(uploader));
  });
  waiting.set(end, uploader);
}

/** The widget is gone: carries out what is over, and forgets what is not, or has not begun. */
export function forgetEnds(uploader: Uploader): void {
  for (const [end, of] of waiting) if (of === uploader) end();
  undoCode.peek()?.undoQueueOf(uploader).forgetAll();
}

import type { Uploader, UploadSnapshot } from '../../engine/index.js';
import type * as UndoCode from '../components/undo-chunk.js';
import { Deferred } from './deferred.js';
import { endNow } from './end-now.js';
import type { EndKind } from './pending-ends.js';
import { findUpload } from './snapshot-index.js';

/** Loaded when a pointer or the focus comes to what can be ended. */
export const undoCode = new Deferred(() => import('../components/undo-chunk.js'));

export const loadUndo = (): void => void undoCode.load();

/** While the widget is there, what the person ends must end also where the code is gone, as after a deploy. */
const patienceMs = 5000;

interface Waiting {
  readonly uploader: Uploader;
  /** Those that were moving, and are paused until the code is there. */
  readonly paused: ReadonlySet<string>;
}

/** What waits for the code, by what ends the waiting. */
const waiting = new Map<() => void, Waiting>();

/**
 * Calls back with the code, with what is still to end, and with what was paused for it until the code was there. Where
 * the code cannot be loaded, all of them end five seconds later, without a way back.
 */
export function withUndoCode(
  uploader: Uploader,
  { kind, ids }: { readonly kind: EndKind; readonly ids: readonly string[] },
  begin: (code: typeof UndoCode, ids: readonly string[], paused: ReadonlySet<string>) => void,
): void {
  const code = undoCode.peek();
  if (code) {
    begin(code, ids, new Set());
    return;
  }
  const paused = new Set(kind === 'cancel' ? moving(uploader, ids) : []);
  // One that the person resumes meanwhile is not to end any more. In another tab, the pause may be still to come.
  const left = () => {
    const resumed = new Set(moving(uploader, [...paused], 'this'));
    return ids.filter((id) => !resumed.has(id));
  };
  const end = () => {
    clearTimeout(timer);
    stop();
    waiting.delete(end);
  };
  const timer = setTimeout(() => {
    end();
    endNow(uploader, kind, left());
  }, patienceMs);
  const stop = undoCode.when((loaded) => {
    end();
    const rest = left();
    if (rest.length) begin(loaded, rest, paused);
  });
  waiting.set(end, { uploader, paused });
  // Else it might be completed before the code is there. Only now: who listens knows already why the pause comes.
  for (const id of paused) uploader.pause(id);
}

/** Whether it is paused because the person has canceled it, and the code is still missing. */
export const isWaitingToEnd = (uploader: Uploader, id: string): boolean =>
  [...waiting.values()].some((one) => one.uploader === uploader && one.paused.has(id));

/** The widget is gone: carries out what is over, and forgets the others; what was to be canceled stays paused. */
export function forgetEnds(uploader: Uploader): void {
  for (const [end, one] of waiting) if (one.uploader === uploader) end();
  undoCode.peek()?.undoQueueOf(uploader).forgetAll();
}

/** Those that a pause stops; what waits for "Start" does not move. */
function moving(uploader: Uploader, ids: readonly string[], owner?: UploadSnapshot['owner']): string[] {
  const snapshot = uploader.getSnapshot();
  return ids.filter((id) => {
    const upload = findUpload(snapshot, id);
    return upload?.canPause && !upload.isNotStarted && (owner ?? upload.owner) === upload.owner;
  });
}

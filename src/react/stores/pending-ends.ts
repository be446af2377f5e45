import type { Uploader, UploaderSnapshot } from '../../engine/index.js';
import { Listeners } from '../../engine/shared.js';

/** `cancel`: the upload is given up. `remove`: its row leaves the list. `discard`: one of an earlier visit is given up. */
export type EndKind = 'cancel' | 'remove' | 'discard';

/** Something the person has ended and can still take back. Several that end together share one clock. */
export interface PendingEnd {
  readonly kind: EndKind;
  readonly totalMs: number;
  /** Of the time to undo, as it stands now. */
  remainingMs(): number;
  readonly isHeld: boolean;
}

export type PendingEnds = ReadonlyMap<string, PendingEnd>;

/** What is about to end, by the ids of uploads. Apart from `UndoQueue`, whose code is loaded later. */
export class PendingEndStore {
  #ends: PendingEnds = new Map();
  readonly #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;

  /** The same map as long as nothing begins, ends, is held or released. */
  readonly getSnapshot = (): PendingEnds => this.#ends;

  set(ends: PendingEnds): void {
    this.#ends = ends;
    this.#listeners.notify();
  }
}

const stores = new WeakMap<Uploader, PendingEndStore>();

/** That of an uploader. */
export function pendingEndsOf(uploader: Uploader): PendingEndStore {
  let store = stores.get(uploader);
  if (!store) stores.set(uploader, (store = new PendingEndStore()));
  return store;
}

const left = new WeakMap<UploaderSnapshot, { pending: PendingEnds; snapshot: UploaderSnapshot }>();

/** What is left when the cancellations of the moment are carried out; the same object where there are none. */
export function withoutCanceled(uploader: Uploader, snapshot: UploaderSnapshot): UploaderSnapshot {
  const pending = pendingEndsOf(uploader).getSnapshot();
  if (!pending.size) return snapshot;
  const known = left.get(snapshot);
  if (known?.pending === pending) return known.snapshot;
  const uploads = snapshot.uploads.filter(({ id }) => pending.get(id)?.kind !== 'cancel');
  const answer = uploads.length === snapshot.uploads.length ? snapshot : { ...snapshot, uploads };
  left.set(snapshot, { pending, snapshot: answer });
  return answer;
}

/** Starts all that wait for it, but those that are about to be canceled. */
export function startAll(uploader: Uploader): void {
  const pending = pendingEndsOf(uploader).getSnapshot();
  if (!pending.size) {
    uploader.start();
    return;
  }
  for (const { id, isNotStarted } of uploader.getSnapshot().uploads)
    if (isNotStarted && !pending.has(id)) uploader.start(id);
}

/** Resumes all but those that are paused because they are about to be canceled. */
export function resumeAll(uploader: Uploader): void {
  const pending = pendingEndsOf(uploader).getSnapshot();
  if (!pending.size) {
    uploader.resumeAll();
    return;
  }
  for (const { id, canResume } of uploader.getSnapshot().uploads)
    if (canResume && !pending.has(id)) uploader.resume(id);
}

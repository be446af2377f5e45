import type { Uploader, UploaderSnapshot, UploadSnapshot } from '../../engine/index.js';
import { endNow } from './end-now.js';
import { pendingEndsOf, type EndKind, type PendingEnd, type PendingEndStore } from './pending-ends.js';
import { findUpload } from './snapshot-index.js';

/** What holds the clock: the person looks at the button, or cannot see it. */
export type HoldReason = 'pointer' | 'focus' | 'hidden';

/** So many are ended in one task. */
const groupSize = 100;

/**
 * Delays what cannot be taken back. Until the time is over nothing is told to the store: an upload that is canceled is
 * only paused meanwhile, so a page that goes away leaves an unfinished upload and loses nothing.
 */
export class UndoQueue {
  readonly #uploader: Uploader;
  #pending: ReadonlyMap<string, Ending> = new Map();
  #stopWatching: (() => void) | undefined;
  /** To the other tabs, while anything is pending. */
  #channel: BroadcastChannel | undefined;
  /** What was carried out here and is not seen yet: it was announced when it began. */
  readonly #announced = new Set<string>();
  readonly #store: PendingEndStore;

  constructor(uploader: Uploader) {
    this.#uploader = uploader;
    this.#store = pendingEndsOf(uploader);
  }

  /** `paused`: those that were moving, and are paused for it already. */
  begin(
    kind: EndKind,
    ids: readonly string[],
    totalMs: number,
    paused: ReadonlySet<string> = new Set(),
  ): void {
    const ending = new Ending(kind, totalMs, () => {
      this.#carryOut(ending);
    });
    const next = new Map(this.#pending);
    const snapshot = this.#uploader.getSnapshot();
    for (const id of ids) {
      if (next.has(id)) continue;
      next.set(id, ending);
      ending.ids.add(id);
      const upload = findUpload(snapshot, id);
      // Sees what is paused already: when that moves again, it is to stay.
      ending.stands(id, snapshot);
      if (paused.has(id)) ending.paused.add(id);
      if (kind !== 'cancel' || !upload?.canPause) continue;
      // What waits for "Start" does not move.
      if (upload.isNotStarted) ending.notStarted.add(id);
      else ending.paused.add(id);
    }
    if (!ending.ids.size) return;
    this.#set(next);
    ending.run();
    // Only now: who listens to the pause knows already why it comes.
    for (const id of ending.paused) if (!paused.has(id)) this.#uploader.pause(id);
  }

  /** Takes back, and lets what was stopped for it go on. */
  undo(ids: Iterable<string>): void {
    const restored = [...ids];
    // Where another tab has ended them as well, they are to end there no more: "Restored" has to be true.
    try {
      this.#channel?.postMessage(restored);
    } catch {
      // Refused, as where there is no channel.
    }
    this.#restore(restored);
  }

  #restore(ids: readonly string[]): void {
    const paused = ids.filter((id) => this.#pending.get(id)?.paused.has(id));
    this.#drop(ids);
    for (const id of paused) this.#uploader.resume(id);
  }

  hold(ids: Iterable<string>, reason: HoldReason): void {
    let isNew = false;
    for (const ending of this.#endingsOf(ids)) isNew = ending.hold(reason) || isNew;
    if (isNew) this.#set(new Map(this.#pending));
  }

  release(ids: Iterable<string>, reason: HoldReason): void {
    let isNew = false;
    for (const ending of this.#endingsOf(ids)) isNew = ending.release(reason) || isNew;
    if (isNew) this.#set(new Map(this.#pending));
  }

  /** Whether this end was announced when the person asked for it; says so once. */
  wasAnnounced(kind: EndKind, id: string): boolean {
    return this.#announced.delete(`${kind} ${id}`);
  }

  /** The widget is gone: carries out those whose time is over, and forgets the others. */
  forgetAll(): void {
    for (const ending of new Set(this.#pending.values())) {
      ending.stop();
      if (ending.isOver) endNow(this.#uploader, ending.kind, ending.ids);
    }
    if (this.#pending.size) this.#set(new Map());
  }

  /** Several of them may end together, and one button may take back several that do not. */
  #endingsOf(ids: Iterable<string>): ReadonlySet<Ending> {
    const endings = new Set<Ending>();
    for (const id of ids) {
      const ending = this.#pending.get(id);
      if (ending && !ending.isOver) endings.add(ending);
    }
    return endings;
  }

  /** In groups, between which the page can respond: a list that is cleared may have ten thousand rows. */
  #carryOut(ending: Ending): void {
    const { kind, ids } = ending;
    const group = [...ids].slice(0, groupSize);
    for (const id of group) this.#announced.add(`${kind} ${id}`);
    endNow(this.#uploader, kind, group);
    this.#drop(group);
    if (ids.size) ending.goOn();
  }

  /** Of all of them at once: each change of what is pending copies it, and renders who shows it. */
  #drop(ids: Iterable<string>): void {
    const next = new Map(this.#pending);
    for (const id of ids) {
      const ending = this.#pending.get(id);
      next.delete(id);
      ending?.ids.delete(id);
      if (!ending?.ids.size) ending?.stop();
    }
    if (next.size < this.#pending.size) this.#set(next);
  }

  #set(pending: ReadonlyMap<string, Ending>): void {
    this.#pending = pending;
    if (pending.size) this.#stopWatching ??= this.#watch();
    else {
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    }
    this.#store.set(pending);
  }

  /**
   * What goes on without this widget is no longer about to end: another tab resumes it, or it is gone. An upload
   * that waited for "Start" and is started meanwhile is paused, as those that moved already.
   */
  #watch(): () => void {
    const stop = this.#uploader.subscribe(() => {
      const snapshot = this.#uploader.getSnapshot();
      const over: string[] = [];
      for (const [id, ending] of this.#pending) {
        if (ending.takeStarted(id, snapshot)) this.#uploader.pause(id);
        else if (!ending.stands(id, snapshot)) over.push(id);
      }
      this.#drop(over);
    });
    const look = () => {
      if (document.visibilityState === 'hidden') this.hold(this.#pending.keys(), 'hidden');
      else this.release(this.#pending.keys(), 'hidden');
    };
    document.addEventListener('visibilitychange', look);
    const channel = openChannel((ids) => {
      this.#restore(ids);
    });
    this.#channel = channel;
    return () => {
      stop();
      channel?.close();
      this.#channel = undefined;
      document.removeEventListener('visibilitychange', look);
    };
  }
}

/** Ids of uploads are random, so all widgets of all tabs share one. `undefined` where the browser has none. */
function openChannel(onRestored: (ids: readonly string[]) => void): BroadcastChannel | undefined {
  try {
    const channel = new BroadcastChannel('vodrop/restored/1');
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (Array.isArray(data)) onRestored(data.filter((id) => typeof id === 'string'));
    };
    return channel;
  } catch {
    return undefined;
  }
}

class Ending implements PendingEnd {
  readonly kind: EndKind;
  readonly totalMs: number;
  readonly ids = new Set<string>();
  /** Those that were moving and are paused for it. */
  readonly paused = new Set<string>();
  /** Those that wait for "Start". */
  readonly notStarted = new Set<string>();
  /** Of the paused, those whose pause was seen: when one moves again, another tab has resumed it. */
  readonly #seenPaused = new Set<string>();
  /** Its time is over: nothing holds it up any more. */
  isOver = false;
  readonly #holds = new Set<HoldReason>();
  readonly #onEnd: () => void;
  #leftMs: number;
  #startedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(kind: EndKind, totalMs: number, onEnd: () => void) {
    this.kind = kind;
    this.totalMs = totalMs;
    this.#leftMs = totalMs;
    this.#onEnd = onEnd;
  }

  get isHeld(): boolean {
    return this.#startedAt === undefined;
  }

  remainingMs(): number {
    return this.#startedAt === undefined
      ? this.#leftMs
      : Math.max(0, this.#leftMs - (Date.now() - this.#startedAt));
  }

  run(): void {
    if (this.#holds.size || this.#startedAt !== undefined) return;
    this.#startedAt = Date.now();
    this.#timer = setTimeout(this.#onEnd, this.#leftMs);
  }

  /** The time is over, and some are left to be ended. */
  goOn(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onEnd, 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#leftMs = this.remainingMs();
    this.#startedAt = undefined;
  }

  /** True where the clock has just been stopped by it. */
  hold(reason: HoldReason): boolean {
    const wasHeld = this.isHeld;
    this.#holds.add(reason);
    if (!wasHeld) this.stop();
    return !wasHeld;
  }

  release(reason: HoldReason): boolean {
    if (!this.#holds.delete(reason) || this.#holds.size) return false;
    this.run();
    return true;
  }

  /** Moves an upload that waited for "Start" and has started to those that are paused; true if it did. */
  takeStarted(id: string, snapshot: UploaderSnapshot): boolean {
    if (!this.notStarted.has(id) || findUpload(snapshot, id)?.isNotStarted !== false) return false;
    this.notStarted.delete(id);
    this.paused.add(id);
    return true;
  }

  stands(id: string, snapshot: UploaderSnapshot): boolean {
    if (this.kind === 'discard') return snapshot.unfinished.some((upload) => upload.id === id);
    const upload = findUpload(snapshot, id);
    if (!upload) return false;
    return this.kind === 'remove' ? upload.canRemove : this.#isStillToCancel(upload);
  }

  #isStillToCancel({ id, status, canCancel }: UploadSnapshot): boolean {
    if (!canCancel) return false;
    if (status === 'paused') this.#seenPaused.add(id);
    return status === 'paused' || !this.#seenPaused.has(id);
  }
}

const queues = new WeakMap<Uploader, UndoQueue>();

/** The one of this widget's uploader. */
export function undoQueueOf(uploader: Uploader): UndoQueue {
  let queue = queues.get(uploader);
  if (!queue) queues.set(uploader, (queue = new UndoQueue(uploader)));
  return queue;
}

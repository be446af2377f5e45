import { Listeners } from '../../engine/shared.js';

/** What a {@link PacedStore} shows, and when. */
export interface PacedStoreOptions<T> {
  subscribe(listener: () => void): () => void;
  read(): T;
  /** Whether a change is shown immediately (a status), or with the next interval (a number). */
  isUrgent(shown: T, next: T): boolean;
  intervalMs: number;
}

/** Stores of one interval change together, so that a total and its only row never show different numbers. */
function untilNextBeat(shownAt: number, intervalMs: number): number {
  const now = Date.now();
  if (Math.floor(now / intervalMs) > Math.floor(shownAt / intervalMs)) return 0;
  return intervalMs - (now % intervalMs);
}

/**
 * An external store for `useSyncExternalStore` that limits how often numbers change, and passes on everything else
 * immediately. Bytes change ten times a second, which is too fast to read, and each rendering of the rows costs a frame.
 */
export class PacedStore<T> {
  readonly #options: PacedStoreOptions<T>;
  readonly #listeners = new Listeners();
  #shown: T;
  #shownAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(options: PacedStoreOptions<T>) {
    this.#options = options;
    this.#shown = options.read();
  }

  readonly getSnapshot = (): T => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    const unsubscribe = this.#listeners.subscribe(listener);
    if (this.#listeners.size === 1) {
      this.#stop = this.#options.subscribe(this.#consider);
      this.#consider();
    }
    return () => {
      unsubscribe();
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly #consider = (): void => {
    const next = this.#options.read();
    if (Object.is(next, this.#shown)) return;
    const waitMs = untilNextBeat(this.#shownAt, this.#options.intervalMs);
    if (waitMs <= 0 || this.#options.isUrgent(this.#shown, next)) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#shown = next;
      this.#shownAt = Date.now();
      this.#listeners.notify();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#consider();
      }, waitMs);
    }
  };
}

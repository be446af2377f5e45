/** What a {@link PacedStore} shows, and when. */
export interface PacedStoreOptions<T> {
  subscribe(listener: () => void): () => void;
  read(): T;
  /** Whether a change must be shown at once (a status), or may wait for its turn (a number). */
  isUrgent(shown: T, next: T): boolean;
  intervalMs: number;
}

/**
 * An external store for `useSyncExternalStore` that lets numbers through at a pace that can be read, and everything
 * else at once. Bytes move ten times a second; nobody reads that, and rendering rows for it costs a frame.
 */
export class PacedStore<T> {
  readonly #options: PacedStoreOptions<T>;
  readonly #listeners = new Set<() => void>();
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
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#stop = this.#options.subscribe(this.#consider);
      this.#consider();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly #consider = (): void => {
    const next = this.#options.read();
    if (Object.is(next, this.#shown)) return;
    const waitMs = this.#shownAt + this.#options.intervalMs - Date.now();
    if (waitMs <= 0 || this.#options.isUrgent(this.#shown, next)) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#shown = next;
      this.#shownAt = Date.now();
      for (const listener of this.#listeners) listener();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#consider();
      }, waitMs);
    }
  };
}

import { useEffect, useSyncExternalStore } from 'react';

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

/**
 * Code that comes after the first paint. Unlike `React.lazy` it never suspends: what needs it shows nothing until it is
 * there, and from then on renders at once.
 */
export class Deferred<T> {
  #value: T | undefined;
  #pending: Promise<void> | undefined;
  readonly #load: () => Promise<T>;
  readonly #listeners = new Set<() => void>();

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** Settles when it is there. A file that cannot be loaded is requested again, at growing intervals. */
  readonly load = (retryMs = firstRetryMs): Promise<void> => {
    this.#pending ??= this.#load().then(
      (value) => {
        this.#value = value;
        for (const listener of this.#listeners) listener();
      },
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            this.#pending = undefined;
            resolve(this.load(Math.min(longestRetryMs, retryMs * 2)));
          }, retryMs);
        }),
    );
    return this.#pending;
  };

  readonly peek = (): T | undefined => this.#value;

  /** Loads, and calls back once: at once when it is there already. The returned function prevents a call to come. */
  when(callback: (value: T) => void): () => void {
    if (this.#value !== undefined) {
      callback(this.#value);
      return () => undefined;
    }
    const stop = this.subscribe(() => {
      stop();
      if (this.#value !== undefined) callback(this.#value);
    });
    void this.load();
    return stop;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** Loads with the first component that is mounted; undefined until then, and on a server. */
export function useDeferred<T>(deferred: Deferred<T>): T | undefined {
  useEffect(() => {
    void deferred.load();
  }, [deferred]);
  return useSyncExternalStore(deferred.subscribe, deferred.peek, nothing);
}

const nothing = () => undefined;

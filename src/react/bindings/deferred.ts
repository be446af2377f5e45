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

  /** Settles when it is there. A file that cannot be loaded is asked for again, at growing distances. */
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

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** What is loaded by whoever is mounted first; undefined until then, and on a server. */
export function useDeferred<T>(deferred: Deferred<T>): T | undefined {
  useEffect(() => {
    void deferred.load();
  }, [deferred]);
  return useSyncExternalStore(deferred.subscribe, deferred.peek, nothing);
}

const nothing = () => undefined;

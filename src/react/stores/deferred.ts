import { useEffect, useSyncExternalStore } from 'react';
import { Listeners } from '../../engine/shared.js';

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

/** What ends the intervals that are passing. */
const waiting = new Set<() => void>();

/** Requests at once what could not be loaded, instead of after its interval. */
export function loadAgain(): void {
  for (const end of [...waiting]) end();
}

/**
 * Code that is loaded after the first paint. Unlike `React.lazy` it never suspends: a component that needs it renders
 * nothing until it is loaded, and renders synchronously from then on.
 */
export class Deferred<T> {
  #value: T | undefined;
  #pending: Promise<void> | undefined;
  readonly #load: () => Promise<T>;
  readonly #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /**
   * Settles once it is loaded. A file that cannot be loaded is requested again, at growing intervals. Browsers that
   * do not follow the changed standard yet, such as Firefox 153, keep the failure of a module until the page is reloaded
   * (https://github.com/whatwg/html/pull/10327).
   */
  readonly load = (retryMs = firstRetryMs): Promise<void> => {
    this.#pending ??= this.#load().then(
      (value) => {
        this.#value = value;
        this.#listeners.notify();
      },
      () =>
        new Promise((resolve) => {
          const end = () => {
            clearTimeout(timer);
            waiting.delete(end);
            this.#pending = undefined;
            resolve(this.load(Math.min(longestRetryMs, retryMs * 2)));
          };
          const timer = setTimeout(end, retryMs);
          waiting.add(end);
        }),
    );
    return this.#pending;
  };

  readonly peek = (): T | undefined => this.#value;

  /** Loads, and calls back once; synchronously when it is loaded already. The returned function cancels the call. */
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
}

/**
 * Loads when the first component that uses it mounts, or once it `isNeeded`; undefined until it is loaded, and on a
 * server.
 */
export function useDeferred<T>(deferred: Deferred<T>, isNeeded = true): T | undefined {
  useEffect(() => {
    if (isNeeded) void deferred.load();
  }, [deferred, isNeeded]);
  return useSyncExternalStore(deferred.subscribe, deferred.peek, nothing);
}

const nothing = () => undefined;

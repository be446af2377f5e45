import type { EndpointStore } from './memory.js';

/** A store in the same network answers within milliseconds. */
const timeoutMs = 2000;
/** After a call without an answer, none is made for so long: one upload would wait for many in a row. */
const pauseMs = 5000;

/**
 * Calls to what the host keeps outside of the endpoint: its store, its counters. One that fails or does not answer in
 * time has no result; uploads do not depend on it. Failures are told to `onFailure`.
 */
export class Bounded {
  readonly #what: string;
  readonly #onFailure: (error: unknown) => void;
  #pausedUntil = -Infinity;

  constructor(what: string, onFailure: (error: unknown) => void) {
    this.#what = what;
    this.#onFailure = onFailure;
  }

  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#pausedUntil) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#pausedUntil = performance.now() + pauseMs;
        reject(new Error(`The ${this.#what} did not answer within ${timeoutMs} ms.`));
      }, timeoutMs);
    });
    try {
      return await Promise.race([work(), timeUp]);
    } catch (error) {
      this.#onFailure(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The host's store, none of whose calls fails or hangs. What it lost, or what is no text, is not there. */
export function boundedStore(store: EndpointStore, onFailure: (error: unknown) => void): EndpointStore {
  const calls = new Bounded('store', onFailure);
  return {
    async get(key) {
      const value: unknown = await calls.run(() => store.get(key));
      return typeof value === 'string' ? value : undefined;
    },
    put: (key, value, lifetimeMs) => calls.run(() => store.put(key, value, lifetimeMs)),
  };
}

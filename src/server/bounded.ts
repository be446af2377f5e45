import type { EndpointStore } from './memory.js';
import { withinTime } from './within-time.js';

/** A store in the same network answers within milliseconds. */
const timeoutMs = 2000;
/** How long no call is made after one without an answer: an upload would otherwise wait for several in a row. */
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
    try {
      return await withinTime(work, timeoutMs, () => {
        this.#pausedUntil = performance.now() + pauseMs;
        return new Error(`The ${this.#what} did not answer within ${timeoutMs} ms.`);
      });
    } catch (error) {
      this.#onFailure(error);
      return undefined;
    }
  }
}

/**
 * A store whose calls neither fail nor hang. `putIfAbsent` is undefined where it has no answer; one that the host's store
 * lacks is lacking here.
 */
export interface SafeStore {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, lifetimeMs: number): Promise<void>;
  putIfAbsent?(key: string, value: string, lifetimeMs: number): Promise<boolean | undefined>;
}

/** The host's store. What it lost, or what is no text, is not there. */
export function boundedStore(store: EndpointStore, onFailure: (error: unknown) => void): SafeStore {
  const calls = new Bounded('store', onFailure);
  return {
    async get(key) {
      const value: unknown = await calls.run(() => store.get(key));
      return typeof value === 'string' ? value : undefined;
    },
    put: (key, value, lifetimeMs) => calls.run(() => store.put(key, value, lifetimeMs)),
    putIfAbsent:
      store.putIfAbsent &&
      ((key, value, lifetimeMs) =>
        calls.run(async () => {
          const answer: unknown = await store.putIfAbsent?.(key, value, lifetimeMs);
          if (typeof answer === 'boolean') return answer;
          throw new TypeError('`putIfAbsent` of the store answers true where it has written, else false.');
        })),
  };
}

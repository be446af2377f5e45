import { callHost } from './report-error.js';

/** Functions to call after a change. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Bound, so that it can be passed on as it is. Answers how to unsubscribe. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  get size(): number {
    return this.#listeners.size;
  }

  readonly notify = (): void => {
    for (const listener of this.#listeners) callHost(listener);
  };

  clear(): void {
    this.#listeners.clear();
  }
}

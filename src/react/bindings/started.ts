/**
 * Which uploads a person has started, where uploads wait for that. One that is started may stay queued for a while, and
 * the engine tells no difference. Ids are random, so one list does for all widgets of a page.
 */
class StartedUploads {
  #ids: ReadonlySet<string> = new Set();
  readonly #listeners = new Set<() => void>();

  readonly getSnapshot = (): ReadonlySet<string> => this.#ids;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  add(ids: readonly string[]): void {
    this.#ids = new Set([...this.#ids, ...ids]);
    for (const listener of this.#listeners) listener();
  }
}

export const started = new StartedUploads();

import { Listeners } from '../../engine/shared.js';

/** Brings a row on screen and focuses it, also one that the list has not rendered. */
export class RowFinder {
  #find: ((id: string) => void) | undefined;
  #lists = 0;
  readonly #listeners = new Listeners();

  readonly subscribe = this.#listeners.subscribe;

  /** A list offers itself; the returned function takes the offer back. */
  offer(find: (id: string) => void): () => void {
    this.#find = find;
    this.#count(1);
    return () => {
      if (this.#find === find) this.#find = undefined;
      this.#count(-1);
    };
  }

  readonly focus = (id: string): void => {
    this.#find?.(id);
  };

  /** Whether a list is on the page; docks stay away while there is one. */
  readonly hasList = (): boolean => this.#lists > 0;

  #count(change: number): void {
    this.#lists += change;
    this.#listeners.notify();
  }
}

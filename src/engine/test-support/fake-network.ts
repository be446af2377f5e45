import type { Network } from '../network.js';

export class FakeNetwork implements Network {
  #isOnline = true;
  readonly #listeners = new Set<() => void>();

  isOnline(): boolean {
    return this.#isOnline;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(isOnline: boolean): void {
    this.#isOnline = isOnline;
    for (const listener of this.#listeners) listener();
  }
}

import { Listeners } from '../../engine/shared.js';

/** Stops work between two of its steps, and lets it go on. */
export class PauseSwitch {
  #isPaused = false;
  #stop = new AbortController();
  readonly #listeners = new Listeners();
  readonly subscribe = this.#listeners.subscribe;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Aborted by the next pause. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  set(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#stop.abort();
    else this.#stop = new AbortController();
    this.#listeners.notify();
  }

  /** Resolves while it is not paused. */
  passed(): Promise<void> {
    if (!this.#isPaused) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        stop();
        resolve();
      });
    });
  }
}

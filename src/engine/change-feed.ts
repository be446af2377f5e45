import { Listeners } from './listeners.js';
import type { Clock } from './retry/clock.js';

/** Listeners are called at most this often for progress; for anything else at once. */
const progressIntervalMs = 100;
/** Speeds are refreshed this often even when no bytes move, so that the speed of a stalled upload disappears. */
const refreshIntervalMs = 1000;

/** Decides when listeners are called: many changes in one turn are one call, and progress is throttled. */
export class ChangeFeed {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #listeners = new Listeners();
  #isScheduled = false;
  #isThrottled = false;
  #isRefreshing = false;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#listeners.clear(), { once: true });
  }

  readonly subscribe = this.#listeners.subscribe;

  /** Calls the listeners after this turn. */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#listeners.notify();
    });
  }

  /** Calls the listeners within the progress interval. */
  progressed(): void {
    if (this.#isThrottled) return;
    this.#isThrottled = true;
    this.#after(progressIntervalMs, () => {
      this.#isThrottled = false;
      this.#listeners.notify();
    });
  }

  /** Calls `refresh` every second until it answers that nothing is left to refresh. */
  keepFresh(refresh: () => boolean): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    this.#after(refreshIntervalMs, () => {
      this.#isRefreshing = false;
      if (!refresh()) return;
      this.changed();
      this.keepFresh(refresh);
    });
  }

  #after(delayMs: number, act: () => void): void {
    this.#clock.sleep(delayMs, this.#signal).then(act, () => {
      // The uploader is destroyed: there is no one left to notify.
    });
  }
}

import { Listeners } from './listeners.js';
import type { Clock } from './retry/clock.js';

/** Listeners are called at most this often for progress; for anything else at once. */
const progressIntervalMs = 100;
/** Speeds are refreshed this often even when no bytes move, so that the speed of a stalled upload disappears. */
const refreshIntervalMs = 1000;

/** In a list of so many rows a call costs a millisecond or more, so calls are this much further apart. */
const rowsPerIntervalMs = 20;
const minIntervalMs = 10;
const maxIntervalMs = 100;

/**
 * Decides when listeners are called: many changes in one turn are one call, progress is throttled, and in a long list
 * changes are, too, because each call costs as much as the list is long.
 */
export class ChangeFeed {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #rowCount: () => number;
  readonly #listeners = new Listeners();
  #calledAt = -Infinity;
  #isScheduled = false;
  /** Of the call that is scheduled; those before it have been overtaken. */
  #call = 0;
  #isThrottled = false;
  #isRefreshing = false;

  constructor(clock: Clock, signal: AbortSignal, rowCount: () => number) {
    this.#clock = clock;
    this.#rowCount = rowCount;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#listeners.clear(), { once: true });
  }

  readonly subscribe = this.#listeners.subscribe;

  /** Calls the listeners after this turn; in a long list, in a task of their own, at most every tenth of a second. */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const number = ++this.#call;
    const call = () => {
      if (number !== this.#call) return;
      this.#isScheduled = false;
      this.#notify();
    };
    const intervalMs = Math.min(maxIntervalMs, Math.floor(this.#rowCount() / rowsPerIntervalMs));
    const delayMs = this.#calledAt + intervalMs - this.#clock.elapsed();
    // What has changed a long list has taken its time already, and the page must respond in between.
    if (intervalMs > minIntervalMs) this.#after(Math.max(0, delayMs), call);
    else queueMicrotask(call);
  }

  /** The next change, and one that waits, is shown without delay: a person waits for the answer to a click. */
  hurry(): void {
    this.#calledAt = -Infinity;
    if (!this.#isScheduled) return;
    this.#isScheduled = false;
    this.changed();
  }

  /** Calls the listeners within the progress interval. */
  progressed(): void {
    if (this.#isThrottled) return;
    this.#isThrottled = true;
    this.#after(progressIntervalMs, () => {
      this.#isThrottled = false;
      this.#notify();
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

  #notify(): void {
    this.#calledAt = this.#clock.elapsed();
    this.#listeners.notify();
  }

  #after(delayMs: number, act: () => void): void {
    this.#clock.sleep(delayMs, this.#signal).then(act, () => {
      // The uploader is destroyed: there is no one left to notify.
    });
  }
}

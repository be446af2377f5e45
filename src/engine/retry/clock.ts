import { abortable } from './abort.js';

/** Time, as the engine knows it. */
export interface Clock {
  /** Milliseconds since the epoch; for display and for the journal. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start; for durations. */
  elapsed(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** A longer timer would overflow the browser's 32-bit delay and fire at once. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (delayMs, signal) =>
    abortable(signal, (resolve) => {
      const timer = setTimeout(resolve, Math.min(delayMs, maxTimerMs));
      return () => clearTimeout(timer);
    }),
};

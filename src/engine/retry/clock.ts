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

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (delayMs, signal) =>
    abortable(signal, (resolve) => {
      const timer = setTimeout(resolve, delayMs);
      return () => clearTimeout(timer);
    }),
};

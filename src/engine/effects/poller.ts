import { PollingPace } from '../polling-pace.js';
import type { Clock } from '../retry/clock.js';

/** Polls with a growing delay until nothing is left to ask about. */
export class Poller {
  readonly #clock: Clock;
  readonly #ask: (signal: AbortSignal) => Promise<number>;
  readonly #signal: AbortSignal;
  readonly #pace = new PollingPace();
  #isRunning = false;
  #isWoken = false;

  constructor(clock: Clock, ask: (signal: AbortSignal) => Promise<number>, signal: AbortSignal) {
    this.#clock = clock;
    this.#ask = ask;
    this.#signal = signal;
  }

  /** There is something new to ask about: starts again at the shortest delay. */
  wake(): void {
    this.#pace.restart();
    this.#isWoken = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Only an abort ends it early.
    this.#run().catch(() => {});
  }

  async #run(): Promise<void> {
    let left = 0;
    // What began to process during the last call was not asked about.
    while (left > 0 || this.#isWoken) {
      this.#isWoken = false;
      await this.#clock.sleep(this.#pace.nextMs(), this.#signal);
      this.#pace.asked();
      // An error of any kind ends no waiting: the next question may be answered.
      left = await this.#ask(this.#signal).catch(() => 1);
    }
    this.#isRunning = false;
  }
}

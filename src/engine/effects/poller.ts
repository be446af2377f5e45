import { PollingPace } from '../polling-pace.js';
import type { Clock } from '../retry/clock.js';

/** What begins to process during a long wait makes the next question due sooner. */
const longestStepMs = 1000;

/** Polls with a growing delay until nothing is left to ask about. */
export class Poller {
  readonly #clock: Clock;
  readonly #ask: (signal: AbortSignal) => Promise<number>;
  readonly #signal: AbortSignal;
  readonly #pace = new PollingPace();
  #answeredAt = -Infinity;
  #isRunning = false;
  #isWoken = false;

  constructor(clock: Clock, ask: (signal: AbortSignal) => Promise<number>, signal: AbortSignal) {
    this.#clock = clock;
    this.#ask = ask;
    this.#signal = signal;
  }

  /** There is something new to ask about: at once, or at the shortest delay after the last question. */
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
      await this.#untilDue();
      this.#isWoken = false;
      this.#pace.asked();
      // An error of any kind ends no waiting: the next question may be answered.
      left = await this.#ask(this.#signal).catch(() => 1);
      this.#answeredAt = this.#clock.elapsed();
    }
    this.#isRunning = false;
  }

  async #untilDue(): Promise<void> {
    for (;;) {
      const restMs = this.#answeredAt + this.#pace.nextMs() - this.#clock.elapsed();
      if (restMs <= 0) return;
      await this.#clock.sleep(Math.min(restMs, longestStepMs), this.#signal);
    }
  }
}

import type { Clock } from '../retry/clock.js';

const firstDelayMs = 1_000;
const maxDelayMs = 15_000;

/** Polls with a growing delay until nothing is left to ask about. */
export class Poller {
  readonly #clock: Clock;
  readonly #ask: (signal: AbortSignal) => Promise<number>;
  readonly #signal: AbortSignal;
  #delayMs = firstDelayMs;
  #isRunning = false;
  #isWoken = false;

  constructor(clock: Clock, ask: (signal: AbortSignal) => Promise<number>, signal: AbortSignal) {
    this.#clock = clock;
    this.#ask = ask;
    this.#signal = signal;
  }

  /** Something new is to be asked about: quickly again. */
  wake(): void {
    this.#delayMs = firstDelayMs;
    this.#isWoken = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run()
      // Only an abort ends it early; `ask` handles its own errors.
      .catch(() => {})
      .finally(() => {
        this.#isRunning = false;
      });
  }

  async #run(): Promise<void> {
    let left = 0;
    // What began to process during the last call was not asked about.
    while (left > 0 || this.#isWoken) {
      this.#isWoken = false;
      await this.#clock.sleep(this.#delayMs, this.#signal);
      this.#delayMs = Math.min(maxDelayMs, this.#delayMs * 1.5);
      // An error of any kind ends no waiting: the next question may be answered.
      left = await this.#ask(this.#signal).catch(() => 1);
    }
  }
}

import type { Clock } from '../retry/clock.js';
import { stopped } from '../retry/stopped.js';

/** A store that takes longer to accept the first byte does not hold the hashes up. */
const patienceMs = 1000;

/**
 * Holds the hashing of further parts while the request of the first is on its way to the store: both would compete for
 * the same cores, which delays the first byte.
 */
export class FirstSend {
  readonly #clock: Clock;
  readonly #end = new AbortController();
  #patience: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A part is about to be sent. Called again for another part, it changes nothing. */
  begin(): void {
    this.#patience ??= this.#clock.sleep(patienceMs, this.#end.signal).catch(() => {});
  }

  /** The store takes bytes of it, or it has failed. */
  end(): void {
    if (this.#patience) this.#end.abort(stopped);
  }

  /** Resolves when there is no such request on its way, or has been for too long. */
  async settled(): Promise<void> {
    await this.#patience;
  }
}

import { abortable } from '../retry/abort.js';

/** Lets so many pieces of work run at once, in the order in which they ask. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Rejects with the signal's reason when aborted before its turn. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return abortable<void>(signal, (resolve) => {
      this.#waiting.push(resolve);
      return () => void this.#waiting.splice(this.#waiting.indexOf(resolve), 1);
    });
  }
}

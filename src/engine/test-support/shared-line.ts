import type { PartWorkers } from '../worker/client.js';
import { abortReason } from '../retry/abort.js';
import type { FakeClock } from './fake-clock.js';

type Put = PartWorkers['put'];

/** Browsers tell about progress each 50 ms; half as often is enough here. */
const stepMs = 100;

/**
 * A line whose speed is a function of time. All requests share it equally. `bufferBytes`: what the operating system takes
 * of a request at once, and the browser says is sent.
 */
export class SharedLine {
  readonly #clock: FakeClock;
  readonly #bytesPerSecondAt: (elapsedMs: number) => number;
  readonly #bufferBytes: number;
  #open = 0;

  constructor(clock: FakeClock, bytesPerSecondAt: (elapsedMs: number) => number, bufferBytes = 0) {
    this.#clock = clock;
    this.#bytesPerSecondAt = bytesPerSecondAt;
    this.#bufferBytes = bufferBytes;
  }

  /** The same PUT, at the speed of the line. */
  wrap(put: Put): Put {
    return async (request, body, options) => {
      this.#open += 1;
      try {
        for (let sent = 0; sent < body.size;) {
          await this.#clock.sleep(stepMs, options.signal);
          const share = this.#bytesPerSecondAt(this.#clock.elapsed()) / this.#open;
          sent = Math.min(body.size, Math.round(sent + (share * stepMs) / 1000));
          options.onProgress?.(Math.min(body.size, sent + this.#bufferBytes));
        }
        if (options.signal.aborted) throw abortReason(options.signal);
        return await put(request, body, { ...options, onProgress: () => {} });
      } finally {
        this.#open -= 1;
      }
    };
  }
}

import type { Operation } from '../protocol/index.js';
import { EndpointError } from './errors.js';

/** After that no further item of a batch is begun: the page waits two minutes for an answer, and repeats. */
const beginWithinMs = 30_000;
/** After that the vendor calls of what changes nothing are ended. */
const endAfterMs = 90_000;

/**
 * How long one call to the endpoint may work. A start and a finish that have begun are completed whatever happens: half
 * of one would leave the cloud in an unknown state. Everything else ends when the browser is gone or the time is up.
 */
export class WorkTime {
  /** For vendor calls. */
  readonly signal: AbortSignal;
  readonly #clientSignal: AbortSignal;
  readonly #operation: Operation;
  readonly #begunAt = performance.now();
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(operation: Operation, clientSignal: AbortSignal) {
    const over = new AbortController();
    const isCompleted = operation === 'start' || operation === 'import' || operation === 'finish';
    this.#operation = operation;
    this.#clientSignal = clientSignal;
    this.signal = isCompleted ? new AbortController().signal : AbortSignal.any([clientSignal, over.signal]);
    this.#timer = setTimeout(() => over.abort(outOfTime()), endAfterMs);
  }

  /** Throws where no further item is to be begun. A page that cancels its uploads while it closes is gone, too. */
  expectMore(): void {
    if (this.#operation !== 'finish') this.#clientSignal.throwIfAborted();
    if (performance.now() - this.#begunAt > beginWithinMs) throw outOfTime();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function outOfTime(): EndpointError {
  return new EndpointError('vendor-unavailable', {
    detail: 'The cloud is too slow for the whole call; what is left has to be asked for again.',
    retryAfterMs: 1000,
  });
}

import { EndpointError } from './errors.js';
import { withinTime } from './within-time.js';

const defaultHookTimeoutMs = 10_000;
const retryAfterMs = 1000;
/**
 * Calls a function of the host on whose answer a call depends. One that hangs is answered as `internal`, which `onError` is
 * told of and which pages repeat.
 */
export function callHost<T>(
  name: string,
  hook: () => T | PromiseLike<T>,
  timeoutMs: number = defaultHookTimeoutMs,
): Promise<T> {
  return withinTime(hook, timeoutMs, () => timeUp(name, timeoutMs));
}

/** Of one request: a function that has hung is not called again for its other items, whose waits would add up. */
export class HostHooks {
  readonly #timeoutMs: number;
  readonly #hung = new Map<string, EndpointError>();

  constructor(timeoutMs: number = defaultHookTimeoutMs) {
    this.#timeoutMs = timeoutMs;
  }

  async run<T>(name: string, hook: () => T | PromiseLike<T>): Promise<T> {
    const hung = this.#hung.get(name);
    if (hung) throw hung;
    return withinTime(hook, this.#timeoutMs, () => {
      const error = timeUp(name, this.#timeoutMs);
      this.#hung.set(name, error);
      return error;
    });
  }
}

function timeUp(name: string, timeoutMs: number): EndpointError {
  return new EndpointError('internal', {
    detail: `\`${name}\` of the host did not answer within ${timeoutMs} ms.`,
    retryAfterMs,
  });
}

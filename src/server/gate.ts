import { EndpointError } from './errors.js';
import { ConnectionError, type RetryTools } from './retry.js';

export interface GateOptions {
  /** Calls under way at once, for all requests of this process. */
  readonly maxCalls: number;
  /** A call that would have to wait longer than this for a pause to end is refused at once. */
  readonly maxWaitMs: number;
  readonly tools: RetryTools;
}

/** So many calls in a row without an answer, or with 5xx, and the service counts as down. */
const failuresToOpen = 10;
const firstOpenMs = 10_000;
const maxOpenMs = 60_000;
/** Throttled without a word of when: the first pause; each further one in a row is twice as long. */
const firstPauseMs = 250;
const maxPauseMs = 30_000;

/**
 * What all calls of this process to one service share: how many are under way, a pause while the service throttles,
 * and a circuit breaker while it is down. A vendor's limits are those of the account, so what one call learns holds
 * for all.
 */
export class VendorGate {
  readonly #options: GateOptions;
  /** In order of arrival. */
  readonly #waiting = new Set<() => void>();
  #underWay = 0;
  /** As many calls as the service bears: halved when it throttles, one more with each success. */
  #width: number;
  #pausedUntil = 0;
  #pauses = 0;
  #failures = 0;
  #openMs = firstOpenMs;
  #openUntil = 0;
  #isProbing = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#width = options.maxCalls;
  }

  /** Throws `vendor-unavailable` or `vendor-throttled`, with the time to wait, instead of a call that would fail. */
  async run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#refuseWhileOpen();
    await this.#enter(signal);
    try {
      await this.#outwait(signal);
      signal.throwIfAborted();
      return await this.#judged(call);
    } finally {
      this.#leave();
    }
  }

  async #judged<T>(call: () => Promise<T>): Promise<T> {
    this.#refuseWhileOpen();
    const isProbe = this.#openUntil > 0;
    this.#isProbing ||= isProbe;
    try {
      const result = await call();
      this.#succeed();
      return result;
    } catch (error) {
      this.#judge(error);
      throw error;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #judge(error: unknown): void {
    const code = error instanceof EndpointError ? error.code : undefined;
    if (code === 'vendor-throttled') this.#pause((error as EndpointError).retryAfterMs);
    else if (code === 'vendor-unavailable') this.#fail();
    // Any other answer is one: the service is there. What is no answer, such as an abort, says nothing.
    else if (code !== undefined) this.#succeed();
  }

  #succeed(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#openUntil = 0;
    this.#openMs = firstOpenMs;
    this.#width = Math.min(this.#options.maxCalls, this.#width + 1);
  }

  #fail(): void {
    this.#failures += 1;
    if (this.#failures < failuresToOpen) return;
    const nowMs = this.#options.tools.now();
    // Calls that were under way when it opened fail too; only a failed probe doubles the time.
    if (nowMs < this.#openUntil) return;
    if (this.#openUntil > 0) this.#openMs = Math.min(maxOpenMs, this.#openMs * 2);
    this.#openUntil = nowMs + this.#openMs;
  }

  #pause(retryAfterMs: number | undefined): void {
    const nowMs = this.#options.tools.now();
    // Calls that were under way together are throttled together: that is one pause.
    const isNews = nowMs >= this.#pausedUntil;
    const backoffMs = Math.min(maxPauseMs, firstPauseMs * 2 ** this.#pauses);
    const pauseMs = retryAfterMs ?? backoffMs * (0.5 + this.#options.tools.random() / 2);
    this.#pausedUntil = Math.max(this.#pausedUntil, nowMs + pauseMs);
    if (!isNews) return;
    this.#pauses += 1;
    this.#width = Math.max(1, Math.floor(Math.min(this.#width, this.#underWay) / 2));
  }

  #refuseWhileOpen(): void {
    const leftMs = this.#openUntil - this.#options.tools.now();
    if (this.#openUntil === 0 || (leftMs <= 0 && !this.#isProbing)) return;
    throw new EndpointError('vendor-unavailable', {
      detail: 'The service has not answered lately; it is not asked again yet.',
      retryAfterMs: Math.max(1000, leftMs),
      cause: new ConnectionError('circuit open', true),
    });
  }

  /** Waits for the end of a pause, if that is soon. */
  async #outwait(signal: AbortSignal): Promise<void> {
    const { tools, maxWaitMs } = this.#options;
    const leftMs = this.#pausedUntil - tools.now();
    if (leftMs <= 0) return;
    if (leftMs > maxWaitMs)
      throw new EndpointError('vendor-throttled', {
        detail: 'The service limits the rate of calls; it is not asked again yet.',
        retryAfterMs: leftMs,
      });
    await tools.sleep(leftMs, signal);
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#underWay < this.#width) {
      this.#underWay += 1;
      return;
    }
    // `#leave` gives the place of a call that has ended to the next.
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(begin);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(begin);
    });
  }

  #leave(): void {
    this.#underWay -= 1;
    for (const next of this.#waiting) {
      if (this.#underWay >= this.#width) return;
      this.#waiting.delete(next);
      this.#underWay += 1;
      next();
    }
  }
}

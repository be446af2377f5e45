import { EndpointError } from './errors.js';

/** When and how often a vendor call is made again. All times in ms. */
export interface RetryPolicy {
  /** Attempts in all, the first included. Default 3. */
  readonly tries: number;
  /** No attempt begins later than this after the first one began. Default 5,000: the browser waits for the answer. */
  readonly budgetMs: number;
  /** The delay before attempt n + 1 is random between 0 and `baseDelayMs * 2^(n-1)`, at most `maxDelayMs`. Default 250. */
  readonly baseDelayMs: number;
  /** Default 2,000. */
  readonly maxDelayMs: number;
}

/** Clock and randomness of retries, for tests. */
export interface RetryTools {
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
  /** ms since 1970. */
  readonly now: () => number;
}

export const defaultRetryPolicy: RetryPolicy = {
  tries: 3,
  budgetMs: 5000,
  baseDelayMs: 250,
  maxDelayMs: 2000,
};
export const defaultRetryTools: RetryTools = { sleep, random: Math.random, now: Date.now };

/** Network error, 429, 5xx: for reads and for whatever may be done twice. */
export const repeatTransient = (error: EndpointError): boolean =>
  error.code === 'vendor-throttled' || error.code === 'vendor-unavailable';

/**
 * For what must not be done twice: throttled calls were refused before they were processed, and some runtimes
 * report that no connection was made. Any other lost reply may belong to a call that succeeded.
 */
export const repeatIfUnsent = (error: EndpointError): boolean =>
  error.code === 'vendor-throttled' || (error.cause instanceof ConnectionError && error.cause.isUnsent);

/** What is kept of a failed `fetch`. The original may carry the whole URL, which is a secret where it is presigned. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly isUnsent: boolean;

  constructor(reason: string, isUnsent: boolean) {
    super(reason);
    this.isUnsent = isUnsent;
  }
}

export interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Since the first attempt began. */
  readonly elapsedMs: number;
  /** As the other side asked for. */
  readonly retryAfterMs: number | undefined;
}

/** The delay before the next attempt in ms, or `undefined` for no more. */
export function nextDelayMs(
  { attempt, elapsedMs, retryAfterMs }: FailedAttempt,
  policy: RetryPolicy,
  random: () => number,
): number | undefined {
  if (attempt >= policy.tries) return undefined;
  const backoffMs = random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const delayMs = Math.max(retryAfterMs ?? 0, backoffMs);
  return elapsedMs + delayMs <= policy.budgetMs ? delayMs : undefined;
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly mayRepeat: (error: EndpointError) => boolean;
  readonly policy?: RetryPolicy;
  readonly tools?: RetryTools;
}

/** Makes `attempt` until it succeeds, fails for good, or the budget is spent; then its last error is thrown. */
export async function withRetry<T>(
  attempt: (number: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, mayRepeat, policy = defaultRetryPolicy, tools = defaultRetryTools } = options;
  const begunAt = tools.now();
  for (let number = 1; ; number++) {
    try {
      signal.throwIfAborted();
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof EndpointError) || !mayRepeat(error)) throw error;
      const { retryAfterMs } = error;
      const failed = { attempt: number, elapsedMs: tools.now() - begunAt, retryAfterMs };
      const delayMs = nextDelayMs(failed, policy, tools.random);
      if (delayMs === undefined) throw error;
      await tools.sleep(delayMs, signal);
    }
  }
}

const askingDelaysMs = [250, 500, 1000, 1500];

/** Asks again, for a little over three seconds, until the answer is `enough`; the last answer either way. */
export async function askUntil<T>(
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
  { sleep }: RetryTools,
  { signal }: { readonly signal: AbortSignal },
): Promise<T> {
  let answer = await ask();
  for (const delayMs of askingDelaysMs) {
    if (enough(answer)) return answer;
    await sleep(delayMs, signal);
    answer = await ask();
  }
  return answer;
}

function sleep(delayMs: number, whole: AbortSignal): Promise<void> {
  // One of its own: with ten listeners on the signal of a batch, Node warns of a leak.
  const signal = AbortSignal.any([whole]);
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Upper limit of a server's Retry-After. */
const maxRetryAfterMs = 5 * 60_000;

/** When to repeat a failed attempt, and when to give up. */
export interface BackoffPolicy {
  /** Failures in a row after which to give up. */
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
}

/** For parts: six tries, waiting up to half a minute between them. */
export const partBackoff: BackoffPolicy = { maxAttempts: 6, baseDelayMs: 500, maxDelayMs: 30_000 };
/** For calls to the token endpoint. */
export const endpointBackoff: BackoffPolicy = { maxAttempts: 6, baseDelayMs: 500, maxDelayMs: 20_000 };

/**
 * How long to wait after the `attempt`th failure (from 1), or `undefined` to give up. Full jitter between half and all
 * of an exponentially growing bound, so that many browsers coming back at once do not come back together; a wait the
 * server asked for is never undercut.
 */
export function backoffDelay(
  attempt: number,
  policy: BackoffPolicy,
  random: () => number,
  retryAfterMs?: number,
): number | undefined {
  if (attempt >= policy.maxAttempts) return undefined;
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const delay = bound / 2 + (random() * bound) / 2;
  return Math.max(delay, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}
/** For a line to the store that has worked before: about three minutes of trying. */
export const networkBackoff: BackoffPolicy = { maxAttempts: 12, baseDelayMs: 500, maxDelayMs: 30_000 };

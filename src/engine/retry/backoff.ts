/** Upper limit of a server's Retry-After. */
const maxRetryAfterMs = 5 * 60_000;

/** When to repeat a failed attempt. `Patience` decides how long, by the option `retry.patienceMs`. */
export interface BackoffPolicy {
  baseDelayMs: number;
  maxDelayMs: number;
}

/** For parts and for calls to the token endpoint. */
const backoff: BackoffPolicy = { baseDelayMs: 500, maxDelayMs: 30_000 };

/**
 * How long to wait after the `attempt`th failure (from 1). Full jitter between half and all of an exponentially growing
 * bound, so that many browsers coming back at once do not come back together; a wait the server asked for is never
 * undercut.
 */
export function backoffDelay(
  attempt: number,
  random: () => number,
  retryAfterMs?: number,
  policy: BackoffPolicy = backoff,
): number {
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  const delay = bound / 2 + (random() * bound) / 2;
  return Math.max(delay, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}

import { describe, expect, it, vi } from 'vitest';
import { EndpointError } from './errors.js';
import { createLimit } from './limit.js';
import {
  ConnectionError,
  defaultRetryPolicy,
  defaultRetryTools,
  nextDelayMs,
  repeatIfUnsent,
  repeatTransient,
  withRetry,
} from './retry.js';

describe('the delay before a retry', () => {
  const first = { attempt: 1, elapsedMs: 0, retryAfterMs: undefined };
  const full = (attempt: number, elapsedMs = 0, retryAfterMs?: number) =>
    nextDelayMs({ attempt, elapsedMs, retryAfterMs }, { ...defaultRetryPolicy, tries: 9 }, () => 1);

  it('doubles the retry delay up to its cap, with full jitter', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => full(attempt))).toEqual([250, 500, 1000, 2000, 2000]);
    expect(nextDelayMs({ ...first, attempt: 2 }, defaultRetryPolicy, () => 0)).toBe(0);
  });

  it('waits at least as long as Retry-After before a retry', () => {
    expect(full(1, 0, 1200)).toBe(1200);
  });

  it('returns no retry delay when the tries or the time budget are spent', () => {
    expect(nextDelayMs({ ...first, attempt: 3 }, defaultRetryPolicy, () => 0)).toBeUndefined();
    expect(full(1, 4900)).toBeUndefined();
    expect(full(1, 0, 5001)).toBeUndefined();
  });
});

describe('withRetry', () => {
  const unavailable = new EndpointError('vendor-unavailable');

  it('waits between attempts by the given clock and returns the successful result', async () => {
    const sleep = vi.fn(async () => undefined);
    const attempt = vi.fn(async (number: number) => {
      if (number < 3) throw unavailable;
      return number;
    });
    const signal = new AbortController().signal;
    expect(
      await withRetry(attempt, {
        signal,
        mayRepeat: repeatTransient,
        tools: { sleep, random: () => 1, now: () => 0 },
      }),
    ).toBe(3);
    expect(sleep.mock.calls).toEqual([
      [250, signal],
      [500, signal],
    ]);
  });

  it.each([new EndpointError('vendor-refused'), new EndpointError('vendor-credentials'), new Error('bug')])(
    'does not retry after %s',
    async (error) => {
      const attempt = vi.fn(() => Promise.reject(error));
      await expect(
        withRetry(attempt, { signal: new AbortController().signal, mayRepeat: repeatTransient }),
      ).rejects.toBe(error);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('stops waiting for a retry when the signal aborts', async () => {
    const gone = new AbortController();
    const attempt = vi.fn(() =>
      Promise.reject(new EndpointError('vendor-throttled', { retryAfterMs: 4000 })),
    );
    const result = withRetry(attempt, { signal: gone.signal, mayRepeat: repeatTransient });
    await vi.waitFor(() => expect(attempt).toHaveBeenCalled());
    gone.abort();
    await expect(result).rejects.toMatchObject({ name: 'AbortError' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('sleeps for the requested time', async () => {
    vi.useFakeTimers();
    const done = vi.fn();
    const sleeping = defaultRetryTools.sleep(1000, new AbortController().signal).then(done);
    await vi.advanceTimersByTimeAsync(999);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
    expect(done).toHaveBeenCalled();
    vi.useRealTimers();
  });

  it('repeats a call that must not run twice only when the first one did not reach the service', () => {
    const lost = (isUnsent: boolean) =>
      new EndpointError('vendor-unavailable', { cause: new ConnectionError('x', isUnsent) });
    expect(repeatIfUnsent(lost(true))).toBe(true);
    expect(repeatIfUnsent(lost(false))).toBe(false);
    expect(repeatIfUnsent(unavailable)).toBe(false);
    expect(repeatIfUnsent(new EndpointError('vendor-throttled'))).toBe(true);
  });
});

it('starts the next waiting call when a running one fails', async () => {
  const limit = createLimit(1);
  const order: string[] = [];
  const work = (name: string, fails: boolean) =>
    limit(async () => {
      order.push(name);
      if (fails) throw new Error(name);
    });
  await Promise.allSettled([work('a', true), work('b', false), work('c', false)]);
  expect(order).toEqual(['a', 'b', 'c']);
});

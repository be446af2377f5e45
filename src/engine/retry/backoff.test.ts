import { expect, it } from 'vitest';
import { backoffDelay } from './backoff.js';

const policy = { maxAttempts: 5, baseDelayMs: 100, maxDelayMs: 300 };

it('doubles the bound of the delay up to its maximum and stays between half and all of it', () => {
  const least = [1, 2, 3, 4].map((attempt) => backoffDelay(attempt, policy, () => 0));
  const most = [1, 2, 3, 4].map((attempt) => backoffDelay(attempt, policy, () => 1));
  expect(least).toEqual([50, 100, 150, 150]);
  expect(most).toEqual([100, 200, 300, 300]);
});

it('gives no delay after the last attempt', () => {
  expect(backoffDelay(5, policy, () => 0.5)).toBeUndefined();
});

it('never retries earlier than the server asked for', () => {
  expect(backoffDelay(1, policy, () => 0.5, 5000)).toBe(5000);
});

it('bounds the wait that a server asks for to five minutes', () => {
  expect(backoffDelay(1, policy, () => 0, 3_600_000)).toBe(300_000);
});

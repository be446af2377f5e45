import { expect, it } from 'vitest';
import { backoffDelay } from './backoff.js';

const policy = { baseDelayMs: 100, maxDelayMs: 300 };

it('doubles the bound of the delay up to its maximum and stays between half and all of it', () => {
  const least = [1, 2, 3, 4].map((attempt) => backoffDelay(attempt, () => 0, undefined, policy));
  const most = [1, 2, 3, 4].map((attempt) => backoffDelay(attempt, () => 1, undefined, policy));
  expect(least).toEqual([50, 100, 150, 150]);
  expect(most).toEqual([100, 200, 300, 300]);
});

it('stays at its maximum after thousands of attempts', () => {
  expect(backoffDelay(20_000, () => 1, undefined, policy)).toBe(300);
});

it('never retries earlier than the server asked for', () => {
  expect(backoffDelay(1, () => 0.5, 5000, policy)).toBe(5000);
});

it('bounds the wait that a server asks for to five minutes', () => {
  expect(backoffDelay(1, () => 0, 3_600_000)).toBe(300_000);
});

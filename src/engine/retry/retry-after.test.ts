import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = Date.parse('Thu, 15 Jan 2026 08:30:00 GMT');
const read = (headers: Record<string, string>) => retryAfterMs((name) => headers[name], now);

it.each([
  [{ 'retry-after': '3' }, 3000],
  [{ 'retry-after': ' 120 ' }, 120_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Thu, 15 Jan 2026 08:30:05 GMT' }, 5000],
  [{ 'retry-after': 'Thu, 15 Jan 2026 08:29:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{}, undefined],
])('reads Retry-After from %j as %s ms', (headers, expected) => {
  expect(read(headers as Record<string, string>)).toBe(expected);
});

it('reads a Retry-After date relative to the Date header when the clock of this computer is wrong', () => {
  const headers = {
    date: 'Tue, 13 Jan 2026 10:00:00 GMT',
    'retry-after': 'Tue, 13 Jan 2026 10:00:07 GMT',
  };
  expect(read(headers)).toBe(7000);
});

import { expect, it } from 'vitest';
import { Pace } from './pace.js';

const mebibyte = 1024 * 1024;

function storeParts(pace: Pace, count: number, durationMs = 1000) {
  for (let part = 0; part < count; part++) pace.stored(16 * mebibyte, durationMs, pace.limit);
}

it('uses all connections on a good network', () => {
  const pace = new Pace(6);
  storeParts(pace, 20);
  expect(pace.limit).toBe(6);
});

it('halves the connections once when several parts fail together, and adds them again one by one', () => {
  const pace = new Pace(6);
  storeParts(pace, 1);
  for (let part = 0; part < 6; part++) pace.troubled();
  expect(pace.limit).toBe(3);
  storeParts(pace, 3);
  expect(pace.limit).toBe(4);
  storeParts(pace, 4 + 5);
  expect(pace.limit).toBe(6);
});

it('keeps at least one connection however many parts fail', () => {
  const pace = new Pace(6);
  for (let round = 0; round < 10; round++) {
    pace.stored(1, 1, 1);
    pace.troubled();
  }
  expect(pace.limit).toBe(1);
});

it('sends fewer parts at once on a network so slow that each would take minutes', () => {
  const pace = new Pace(6);
  // Six parts of 16 MiB side by side at 2 Mbit/s: each takes six and a half minutes.
  for (let part = 0; part < 6; part++) pace.stored(16 * mebibyte, 400_000, 6);
  expect(pace.limit).toBe(1);
});

it('adds the connections that trouble has taken one by one under another bound, too', () => {
  const pace = new Pace(6);
  pace.troubled();
  pace.setMax(12);
  expect(pace.limit).toBe(3);
  for (let stored = 0; stored < 3; stored++) pace.stored(1000, 1, 1);
  expect(pace.limit).toBe(4);
});

it('applies the bound of the background priority at once', () => {
  const pace = new Pace(6);
  pace.setMax(2);
  expect(pace.limit).toBe(2);
  pace.setMax(6);
  expect(pace.limit).toBe(6);
});

import { expect, it } from 'vitest';
import { RateMeter } from './rate.js';

function run(meter: RateMeter, seconds: number, bytesPerSecond: number, from = { ms: 0, bytes: 0 }) {
  for (let step = 0; step <= seconds * 2; step++)
    meter.sample(from.ms + step * 500, from.bytes + step * 0.5 * bytesPerSecond);
  return { ms: from.ms + seconds * 1000, bytes: from.bytes + seconds * bytesPerSecond };
}

it('says nothing until bytes have moved for three seconds, however long they waited before', () => {
  const meter = new RateMeter();
  const waited = run(meter, 10, 0);
  const after = run(meter, 3, 1000, waited);
  expect(meter.bytesPerSecond(after.ms)).toBeUndefined();
  const later = run(meter, 1, 1000, after);
  expect(meter.bytesPerSecond(later.ms)).toBe(1000);
  expect(meter.calmBytesPerSecond(later.ms)).toBeCloseTo(1000);
});

it('begins again after a gap, so that the gap is not averaged in', () => {
  const meter = new RateMeter();
  const before = run(meter, 10, 1000);
  const gap = run(meter, 40, 0, before);
  const after = run(meter, 2, 1000, gap);
  expect(meter.bytesPerSecond(after.ms)).toBeUndefined();
  const later = run(meter, 2, 1000, after);
  expect(meter.bytesPerSecond(later.ms)).toBe(1000);
});

it('smooths a sudden change of speed', () => {
  const meter = new RateMeter();
  const after = run(meter, 20, 1000);
  const later = run(meter, 1, 10_000, after);
  const speed = meter.bytesPerSecond(later.ms) ?? 0;
  expect(speed).toBeGreaterThan(1500);
  expect(speed).toBeLessThan(3000);
});

it('shows no speed when nothing has moved for five seconds', () => {
  const meter = new RateMeter();
  const { ms } = run(meter, 5, 1000);
  expect(meter.bytesPerSecond(ms + 4_900)).toBeDefined();
  expect(meter.bytesPerSecond(ms + 5_000)).toBeUndefined();
});

it('does not count bytes that are taken back as negative speed', () => {
  const meter = new RateMeter();
  run(meter, 5, 1000);
  meter.sample(6000, 100);
  expect(meter.bytesPerSecond(6000)).toBeGreaterThan(0);
});

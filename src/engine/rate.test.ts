import { expect, it } from 'vitest';
import { RateMeter } from './rate.js';

function run(meter: RateMeter, seconds: number, bytesPerSecond: number, from = { ms: 0, bytes: 0 }) {
  for (let step = 0; step <= seconds * 2; step++)
    meter.sample(from.ms + step * 500, from.bytes + step * 0.5 * bytesPerSecond);
  return { ms: from.ms + seconds * 1000, bytes: from.bytes + seconds * bytesPerSecond };
}

it('shows no speed in the first second, speed after one, and the time left after three', () => {
  const meter = new RateMeter();
  run(meter, 0.5, 1000);
  expect(meter.bytesPerSecond(500)).toBeUndefined();
  const after = run(meter, 1.5, 1000, { ms: 500, bytes: 500 });
  expect(meter.bytesPerSecond(after.ms)).toBe(1000);
  expect(meter.remainingSeconds(after.ms, 5000)).toBeUndefined();
  const later = run(meter, 2, 1000, after);
  expect(meter.remainingSeconds(later.ms, 5000)).toBeCloseTo(5);
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

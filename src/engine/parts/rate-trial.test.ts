import { expect, it } from 'vitest';
import { RateTrial } from './rate-trial.js';

const tickMs = 50;

/** What a trial says first, and after how long, of a line that carries so many bytes per ms at each time. */
function firstResult(rateAt: (ms: number) => number) {
  const trial = new RateTrial();
  for (let ms = 0; ms < 20_000; ms += tickMs) {
    const rate = trial.moved(rateAt(ms) * tickMs, ms, true);
    if (rate !== undefined) return { rate: Math.round(rate), ms };
  }
  return undefined;
}

it('measures for 1.3 seconds after 0.7 seconds', () => {
  expect(firstResult((ms) => (ms <= 700 ? 900 : 100))).toEqual({ rate: 100, ms: 2000 });
});

it('goes on while the rate grows, twice at most', () => {
  expect(firstResult((ms) => (ms <= 3200 ? 2 ** (ms / 700) : 90))).toEqual({ rate: 90, ms: 4600 });
  expect(firstResult((ms) => 2 ** (ms / 700))?.ms).toBe(4600);
});

it('measures once more where the rate fell meanwhile', () => {
  expect(firstResult((ms) => (ms <= 1400 ? 300 : 100))).toEqual({ rate: 100, ms: 3300 });
});

it('takes a rate that goes on falling as it is', () => {
  expect(firstResult((ms) => 2 ** (-ms / 700))?.ms).toBe(3300);
});

it('begins again when not all connections are in use', () => {
  const trial = new RateTrial();
  for (let ms = 0; ms < 3500; ms += tickMs) expect(trial.moved(100, ms, ms !== 1500)).toBeUndefined();
  expect(trial.moved(100, 3500, true)).toBe(2);
});

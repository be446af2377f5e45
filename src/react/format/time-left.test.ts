import { describe, expect, it } from 'vitest';
import { createFormat } from './format.js';
import { SteadyRate, SteadyTimeLeft, roundTimeLeft } from './time-left.js';
import { createMessages, enWords } from '../messages/index.js';

const f = createFormat('en');
const say = (seconds: number) => createMessages(enWords).timeLeft(roundTimeLeft(seconds), f);

describe('time left in words', () => {
  it.each([
    [0.2, '2 s left'],
    [21, '25 s left'],
    [55, '55 s left'],
    [56, '1 min left'],
    [141, '2 min left'],
    [3570, '1 h left'],
    [4830, '1 h 20 min left'],
    [7200, '2 h left'],
    [90_000, 'more than a day left'],
  ])('%d s is "%s"', (seconds, text) => {
    expect(say(seconds)).toBe(text);
  });
});

describe('steady time left', () => {
  it('falls freely', () => {
    const time = new SteadyTimeLeft();
    expect([100, 80, 79].map((seconds, at) => time.update(seconds, at * 1000))).toEqual([100, 80, 79]);
  });

  it('rises only when the new value has stayed 20% higher for 5 s', () => {
    const time = new SteadyTimeLeft();
    time.update(100, 0);
    expect(time.update(130, 1000)).toBe(100);
    expect(time.update(130, 5900)).toBe(100);
    expect(time.update(130, 6000)).toBe(130);
  });

  it('forgets a rise that did not last', () => {
    const time = new SteadyTimeLeft();
    time.update(100, 0);
    time.update(130, 1000);
    time.update(110, 4000);
    expect(time.update(130, 6500)).toBe(100);
  });
});

describe('steady rate', () => {
  it('is renewed once a second, and gone at once when nothing moves', () => {
    const rate = new SteadyRate();
    const at = (bytesPerSecond: number | undefined, now: number) =>
      rate.update({ bytesPerSecond, remainingSeconds: undefined }, now).bytesPerSecond;
    expect(at(10, 0)).toBe(10);
    expect(at(20, 500)).toBe(10);
    expect(at(20, 1000)).toBe(20);
    expect(at(undefined, 1100)).toBeUndefined();
  });
});

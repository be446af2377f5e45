import { expect, it } from 'vitest';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { Poller } from './poller.js';

function setUp() {
  const clock = new FakeClock();
  const stop = new AbortController();
  const askedAt: number[] = [];
  const left = { count: 1 };
  const answers: (() => Promise<number>)[] = [];
  const poller = new Poller(
    clock,
    () => {
      askedAt.push(clock.elapsed());
      return answers.shift()?.() ?? Promise.resolve(left.count);
    },
    stop.signal,
  );
  return { clock, stop, askedAt, left, answers, poller };
}

it('asks at once, then after 1 s, and ever more slowly up to 15 s', async () => {
  const { clock, askedAt, poller } = setUp();
  poller.wake();
  await clock.advance(120_000);
  const waits = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
  expect(askedAt[0]).toBe(0);
  expect(waits.slice(0, 3)).toEqual([1000, 1500, 2250]);
  expect(waits.at(-1)).toBe(15_000);
});

it('ends a long wait when something new begins to process, and keeps 1 s between two questions', async () => {
  const { clock, askedAt, poller } = setUp();
  poller.wake();
  await clock.advance(60_000);
  const last = askedAt.at(-1) ?? 0;
  // Right after a question, with 15 s to the next.
  await clock.advance(last + 15_000 - clock.elapsed());
  poller.wake();
  await clock.advance(1000);
  expect(askedAt.slice(-2)).toEqual([last + 15_000, last + 16_000]);
  await clock.advance(5000);
  const before = askedAt.length;
  for (let count = 0; count < 15; count++) {
    poller.wake();
    await clock.advance(100);
  }
  expect(askedAt.length - before).toBeLessThanOrEqual(2);
});

it('asks uploads that are ready one after the other once a second, not once each', async () => {
  const { clock, askedAt, left, poller } = setUp();
  left.count = 0;
  for (let count = 0; count < 30; count++) {
    poller.wake();
    await clock.advance(100);
  }
  expect(askedAt).toEqual([0, 1000, 2000, 3000]);
});

it('asks again about what began to process during the last question', async () => {
  const { clock, askedAt, left, answers, poller } = setUp();
  left.count = 0;
  let answer: (left: number) => void = () => {};
  answers.push(() => new Promise((resolve) => (answer = resolve)));
  poller.wake();
  await settle();
  poller.wake();
  answer(0);
  await clock.advance(20_000);
  expect(askedAt).toEqual([0, 1000]);
});

it('goes on after a question that has failed, and ends with the signal', async () => {
  const { clock, stop, askedAt, answers, poller } = setUp();
  answers.push(() => Promise.reject(new Error('no answer')));
  poller.wake();
  await clock.advance(1000);
  expect(askedAt).toEqual([0, 1000]);
  stop.abort();
  await clock.advance(60_000);
  expect(askedAt).toEqual([0, 1000]);
});

import { expect, it } from 'vitest';
import { ChangeFeed } from './change-feed.js';
import { FakeClock } from './test-support/fake-clock.js';

function feedOf(rowCount: number) {
  const clock = new FakeClock();
  const feed = new ChangeFeed(clock, new AbortController().signal, () => rowCount);
  const calledAt: number[] = [];
  feed.subscribe(() => calledAt.push(clock.elapsed()));
  return { clock, feed, calledAt };
}

it('calls the listeners after each turn with a change while the list is short', async () => {
  const { clock, feed, calledAt } = feedOf(100);
  for (let turn = 0; turn < 3; turn++) {
    feed.changed();
    feed.changed();
    await clock.advance(1);
  }
  expect(calledAt).toEqual([0, 1, 2]);
});

it('calls the listeners at once after a calm, and ten times a second while ten thousand rows change', async () => {
  const { clock, feed, calledAt } = feedOf(10_000);
  await clock.advance(5000);
  for (let turn = 0; turn < 50; turn++) {
    feed.changed();
    await clock.advance(5);
  }
  await clock.advance(1000);
  expect(calledAt).toEqual([5000, 5100, 5200, 5300]);
});

it('shows what a person has asked for at once, while ten thousand rows change', async () => {
  const { clock, feed, calledAt } = feedOf(10_000);
  feed.changed();
  await clock.advance(30);
  feed.changed();
  feed.hurry();
  feed.changed();
  feed.changed();
  await clock.advance(5);
  expect(calledAt).toEqual([0, 30]);
});

it('stays at ten calls a second after several clicks, and loses none that waited', async () => {
  const { clock, feed, calledAt } = feedOf(10_000);
  feed.changed();
  await clock.advance(10);
  for (let click = 0; click < 3; click++) {
    feed.changed();
    feed.hurry();
    await clock.advance(10);
  }
  for (let turn = 0; turn < 60; turn++) {
    feed.changed();
    await clock.advance(5);
  }
  expect(calledAt).toEqual([0, 10, 20, 30, 130, 230, 330]);
});

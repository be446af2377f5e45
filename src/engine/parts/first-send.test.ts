import { expect, it } from 'vitest';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { FirstSend } from './first-send.js';

function setUp() {
  const clock = new FakeClock();
  const firstSend = new FirstSend(clock);
  const passed: string[] = [];
  const wait = (name: string) => void firstSend.settled().then(() => passed.push(name));
  return { clock, firstSend, passed, wait };
}

it('holds nothing while no part is about to be sent', async () => {
  const { passed, wait } = setUp();
  wait('hash');
  await settle();
  expect(passed).toEqual(['hash']);
});

it('holds the hashes until the store takes bytes of the first part, and none after that', async () => {
  const { firstSend, passed, wait } = setUp();
  firstSend.begin();
  wait('second');
  await settle();
  expect(passed).toEqual([]);
  firstSend.end();
  await settle();
  firstSend.begin();
  wait('third');
  await settle();
  expect(passed).toEqual(['second', 'third']);
});

it('holds them for a second at most', async () => {
  const { clock, firstSend, passed, wait } = setUp();
  firstSend.begin();
  wait('second');
  await clock.advance(999);
  expect(passed).toEqual([]);
  await clock.advance(1);
  expect(passed).toEqual(['second']);
});

it('is not over by a part that ended before it began', async () => {
  const { firstSend, passed, wait } = setUp();
  firstSend.end();
  firstSend.begin();
  wait('second');
  await settle();
  expect(passed).toEqual([]);
});

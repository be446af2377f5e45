import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inSlices } from './in-slices.js';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ids = Array.from({ length: 100 }, (_, index) => `${index}`);

it('acts at once on as many as can be done in a moment', () => {
  const acted: string[] = [];
  inSlices(
    ids,
    (id) => acted.push(id),
    () => true,
  );
  expect(acted).toEqual(ids);
});

it('acts on the others in tasks of their own, as long as the person wants it', () => {
  const acted: string[] = [];
  const act = (id: string) => {
    acted.push(id);
    now += 3;
  };
  inSlices(ids, act, () => acted.length < 40);
  const slice = acted.length;
  expect(slice).toBeLessThan(20);
  // The page draws meanwhile.
  vi.advanceTimersByTime(16);
  expect(acted).toHaveLength(slice);
  vi.advanceTimersToNextTimer();
  expect(acted).toHaveLength(2 * slice);
  vi.runAllTimers();
  expect(acted).toEqual(ids.slice(0, acted.length));
  expect(acted.length).toBeGreaterThanOrEqual(40);
  expect(acted.length).toBeLessThan(60);
});

it('asks whether it may go on with the last one that it acted on', () => {
  const acted: string[] = [];
  const asked: string[] = [];
  const act = (id: string) => {
    acted.push(id);
    now += 3;
  };
  inSlices(ids, act, (lastId) => {
    asked.push(lastId);
    return false;
  });
  const last = acted.at(-1);
  vi.runAllTimers();
  expect(asked).toEqual([last]);
});

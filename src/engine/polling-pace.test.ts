import { expect, it } from 'vitest';
import { PollingPace } from './polling-pace.js';

it('waits 1 s to 15 s between two polls, and 1 s again when another upload begins to process', () => {
  const pace = new PollingPace();
  expect(pace.see(['a'])).toBe(true);
  const waits = Array.from({ length: 10 }, () => {
    pace.asked();
    return pace.nextMs();
  });
  expect(waits.slice(0, 3)).toEqual([1000, 1500, 2250]);
  expect(waits.at(-1)).toBe(15_000);
  expect(pace.see(['a', 'b'])).toBe(true);
  expect(pace.nextMs()).toBe(1000);
});

it('does not poll faster because one upload has been processed', () => {
  const pace = new PollingPace();
  pace.see(['a', 'b']);
  for (let index = 0; index < 3; index += 1) pace.asked();
  expect(pace.see(['b'])).toBe(false);
  expect(pace.nextMs()).toBe(2250);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withinPatience } from './within-patience.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const silent = () => new Promise<never>(() => {});
const timeout = { name: 'TimeoutError' };

it('gives up each wait after ten seconds, with one timer for all', async () => {
  const ended: string[] = [];
  const begin = (name: string) =>
    expect(withinPatience(silent()).finally(() => ended.push(name))).rejects.toMatchObject(timeout);
  const first = begin('first');
  await vi.advanceTimersByTimeAsync(4000);
  const others = [begin('second'), begin('third')];
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(5999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  expect(ended).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(3999);
  expect(ended).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all(others);
  expect(ended).toEqual(['first', 'second', 'third']);
  expect(vi.getTimerCount()).toBe(0);
});

it('leaves no timer once all are answered', async () => {
  expect(await Promise.all([1, 2].map((answer) => withinPatience(Promise.resolve(answer))))).toEqual([1, 2]);
  await expect(withinPatience(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(vi.getTimerCount()).toBe(0);
  const late = expect(withinPatience(silent())).rejects.toMatchObject(timeout);
  await vi.advanceTimersByTimeAsync(10_000);
  await late;
});

it('ends with the first tick after ten seconds where the timers of a hidden page are a minute apart', async () => {
  let elapsed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => elapsed);
  let isEnded = false;
  const end = expect(withinPatience(silent()).finally(() => (isEnded = true))).rejects.toMatchObject(timeout);
  elapsed = 9000;
  await vi.advanceTimersToNextTimerAsync();
  expect(isEnded).toBe(false);
  elapsed = 69_000;
  await vi.advanceTimersToNextTimerAsync();
  expect(isEnded).toBe(true);
  await end;
  vi.restoreAllMocks();
});

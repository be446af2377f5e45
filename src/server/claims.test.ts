import { afterEach, describe, expect, it, vi } from 'vitest';
import { Claims } from './claims.js';
import { memoryStore } from './memory.js';

afterEach(() => vi.useRealTimers());

const lifetimeMs = 30_000;
const key = 'vodrop:claim:k';

function open({ hasPutIfAbsent = true } = {}) {
  vi.useFakeTimers();
  const { putIfAbsent, ...plain } = memoryStore({ now: Date.now });
  const store = hasPutIfAbsent ? { ...plain, putIfAbsent } : plain;
  const log: string[] = [];
  const instance = () => new Claims(store);
  /** Works for so long. */
  const work = (name: string, ms: number) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, ms));
    log.push(`${name} ends`);
    return name;
  };
  return { store, log, instance, work };
}

describe.each([true, false])('claims in a store with putIfAbsent: %s', (hasPutIfAbsent) => {
  it('let two instances work one after the other, and give the key back', async () => {
    const { store, log, instance, work } = open({ hasPutIfAbsent });
    const onWait = vi.fn();
    const first = instance().alone('k', work('one', 1000));
    await vi.advanceTimersByTimeAsync(10);
    const second = instance().alone('k', work('two', 1000), { onWait });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
    expect(log.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends']);
    expect(onWait).toHaveBeenCalled();
    expect(await store.get(key)).toBeUndefined();
  });

  it('hold the works of other keys up for nothing', async () => {
    const { log, instance, work } = open({ hasPutIfAbsent });
    const one = instance();
    void one.alone('a', work('a', 1000));
    void one.alone('b', work('b', 1000));
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toEqual(['a begins', 'b begins']);
    await vi.advanceTimersByTimeAsync(1000);
  });

  it('are kept by work that takes longer than a claim lives', async () => {
    const { log, instance, work } = open({ hasPutIfAbsent });
    const first = instance().alone('k', work('one', 50_000));
    await vi.advanceTimersByTimeAsync(10);
    const second = instance().alone('k', work('two', 10));
    await vi.advanceTimersByTimeAsync(52_000);
    await Promise.all([first, second]);
    expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('end with their lifetime when the instance that has them stops', async () => {
    const { store, log, instance, work } = open({ hasPutIfAbsent });
    await store.put(key, 'claim of-a-dead-instance 0', lifetimeMs);
    const next = instance().alone('k', work('two', 10));
    await vi.advanceTimersByTimeAsync(lifetimeMs - 100);
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await next).toBe('two');
  });

  it('refuse, so that the page repeats, where the work of another takes too long', async () => {
    const { log, instance, work } = open({ hasPutIfAbsent });
    const one = instance();
    const first = one.alone('k', work('one', 90_000));
    await vi.advanceTimersByTimeAsync(10);
    const refused = [one, instance()].map((other) =>
      expect(other.alone('k', work('two', 10))).rejects.toMatchObject({
        code: 'vendor-unavailable',
        retryAfterMs: 1000,
      }),
    );
    await vi.advanceTimersByTimeAsync(62_000);
    await Promise.all(refused);
    expect(log).toEqual(['one begins']);
    await vi.advanceTimersByTimeAsync(30_000);
    await first;
  });

  it('are given back by work that fails', async () => {
    const { store, instance } = open({ hasPutIfAbsent });
    await expect(instance().alone('k', () => Promise.reject(new Error('fault')))).rejects.toThrow('fault');
    expect(await store.get(key)).toBeUndefined();
  });

  it('are left to the one that has taken them over from an instance that stood still', async () => {
    const { store, instance, work } = open({ hasPutIfAbsent });
    const first = instance().alone('k', work('one', 15_000));
    await vi.advanceTimersByTimeAsync(10);
    await store.put(key, 'claim of-another 0', lifetimeMs);
    await vi.advanceTimersByTimeAsync(15_000);
    await first;
    expect(await store.get(key)).toBe('claim of-another 0');
  });
});

it('takes a claim over whose text stands still in a store that ends nothing', async () => {
  const { log, instance, work } = open();
  const entries = new Map([[key, 'claim of-a-dead-instance 0']]);
  const store = {
    get: (one: string) => Promise.resolve(entries.get(one)),
    put: (one: string, value: string) => Promise.resolve(void entries.set(one, value)),
    putIfAbsent: (one: string, value: string) =>
      Promise.resolve(!entries.has(one) && entries.set(one, value) !== undefined),
  };
  const next = new Claims(store).alone('k', work('two', 10));
  await vi.advanceTimersByTimeAsync(lifetimeMs);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await next).toBe('two');
  // What was given back stands there, too, and holds nothing up.
  const again = instance().alone('k', work('three', 10));
  const once = new Claims(store).alone('k', work('four', 10));
  await vi.advanceTimersByTimeAsync(2000);
  expect(await Promise.all([again, once])).toEqual(['three', 'four']);
});

it('lets one of two win that write at the same time to a store without putIfAbsent', async () => {
  const { log, instance, work } = open({ hasPutIfAbsent: false });
  const all = Promise.all([1, 2, 3].map((i) => instance().alone('k', work(String(i), 500))));
  await vi.advanceTimersByTimeAsync(10);
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5000);
  await all;
  expect(log.map((line) => line.split(' ')[1])).toEqual(Array(3).fill(['begins', 'ends']).flat());
});

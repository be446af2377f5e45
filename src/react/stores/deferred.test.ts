import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deferred } from './deferred.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Deferred', () => {
  it('Deferred calls back when the code has loaded, synchronously from then on, and not after a cancel', async () => {
    const deferred = new Deferred(() => Promise.resolve('code'));
    const [first, stopped, second] = [vi.fn(), vi.fn(), vi.fn()];
    deferred.when(first);
    deferred.when(stopped)();
    expect(first).not.toHaveBeenCalled();
    await deferred.load();
    deferred.when(second);
    expect([first, stopped, second].map((callback) => callback.mock.calls)).toEqual([
      [['code']],
      [],
      [['code']],
    ]);
  });

  it('Deferred loads once for all callers, and notifies its subscribers', async () => {
    const load = vi.fn(() => Promise.resolve('code'));
    const deferred = new Deferred(load);
    const listener = vi.fn();
    deferred.subscribe(listener);
    expect(deferred.peek()).toBeUndefined();
    await Promise.all([deferred.load(), deferred.load()]);
    await deferred.load();
    expect(load).toHaveBeenCalledTimes(1);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(deferred.peek()).toBe('code');
  });

  it('Deferred requests a file that could not be loaded again, at growing intervals', async () => {
    let failures = 3;
    const load = vi.fn(() =>
      failures-- > 0 ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve('code'),
    );
    const deferred = new Deferred(load);
    const done = deferred.load();
    await vi.advanceTimersByTimeAsync(999);
    expect(load).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(load).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(load).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(4000);
    await done;
    expect(deferred.peek()).toBe('code');
  });
});

import { afterEach, expect, it, vi } from 'vitest';
import { Listeners } from './listeners.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('calls every listener although one throws, and reports what it threw to the host', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const listeners = new Listeners();
  const [first, last] = [vi.fn(), vi.fn()];
  const error = new Error('of the host');
  listeners.subscribe(first);
  listeners.subscribe(() => {
    throw error;
  });
  listeners.subscribe(last);
  listeners.notify();
  expect([first, last].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  expect(report).toHaveBeenCalledExactlyOnceWith(error);
});

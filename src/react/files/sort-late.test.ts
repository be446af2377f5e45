import { afterEach, expect, it, vi } from 'vitest';
import { inNaturalOrder } from './items.js';

// The network keeps the request without an answer.
vi.mock('./sort.js', () => new Promise(() => {}));

afterEach(() => {
  vi.useRealTimers();
});

it('sorts a long list at once where the code that does it in slices has not come in two seconds', async () => {
  vi.useFakeTimers();
  const entries = Array.from({ length: 2001 }, (_, index) => ({ name: `take ${2001 - index}` }));
  let sorted: readonly { name: string }[] = [];
  void inNaturalOrder(entries).then((all) => (sorted = all));
  await vi.advanceTimersByTimeAsync(1900);
  expect(sorted).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(sorted.at(0)?.name).toBe('take 1');
  expect(sorted).toHaveLength(2001);
});

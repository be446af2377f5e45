import { afterEach, expect, it, vi } from 'vitest';
import { inNaturalOrder } from './items.js';
import { sortInSlices } from './sort.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The same for each run, and in no order. */
function shuffled(count: number): string[] {
  let seed = 1;
  const numbers = Array.from({ length: count }, (_, index) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return { index, seed };
  });
  return numbers.sort((a, b) => a.seed - b.seed).map(({ index }) => `folder ${index % 7}/take ${index}.mp4`);
}

async function orderOf(paths: readonly string[]): Promise<string[]> {
  return (await inNaturalOrder(paths.map((path) => ({ path })))).map(({ path }) => path);
}

it('puts names in natural order, folder by folder', async () => {
  const paths = ['b/take 10', 'ab/a', 'b/take 2', 'a/z'];
  expect(await orderOf(paths)).toEqual(['a/z', 'ab/a', 'b/take 2', 'b/take 10']);
});

it.each([0, 1, 2000, 2001, 10_000])('puts %i names in the same order as in one sort', async (count) => {
  const paths = shuffled(count);
  const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const expected = [...paths].sort((a, b) => {
    const [[folderA = '', nameA = ''], [folderB = '', nameB = '']] = [a.split('/'), b.split('/')];
    return compare(folderA, folderB) || compare(nameA, nameB);
  });
  expect(await orderOf(paths)).toEqual(expected);
});

it('leaves names that are the same in the order in which they were given, in a long list too', async () => {
  const entries = Array.from({ length: 5000 }, (_, place) => ({ name: `take ${place % 3}`, place }));
  const sorted = await inNaturalOrder(entries);
  const places = sorted.filter(({ name }) => name === 'take 1').map(({ place }) => place);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

it('lets the page respond between the slices of a long list', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  let longestMs = 0;
  let begunAt = 0;
  const tasks = vi.spyOn(globalThis, 'setTimeout').mockImplementation((act) => {
    longestMs = Math.max(longestMs, now - begunAt);
    setImmediate(() => {
      begunAt = now;
      act();
    });
    return 0 as unknown as ReturnType<typeof setTimeout>;
  });
  const compare = (a: number, b: number) => {
    now += 0.001;
    return a - b;
  };
  const numbers = Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 20_000);
  const expected = [...numbers].sort((a, b) => a - b);
  expect(await sortInSlices(numbers, (one) => one, compare)).toEqual(expected);
  expect(tasks.mock.calls.length).toBeGreaterThan(10);
  expect(longestMs).toBeLessThan(15);
});

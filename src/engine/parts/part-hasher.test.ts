import { expect, it, vi } from 'vitest';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { FirstSend } from './first-send.js';
import { PartHasher } from './part-hasher.js';
import { pinnedPlan } from './plan.js';

const partSizeBytes = 10;

/** A file whose parts begin with their numbers, which are their hashes, too. */
function setUp({ parts = 12, known = new Map<number, string>(), lastBytes = partSizeBytes } = {}) {
  const bytes = new Uint8Array((parts - 1) * partSizeBytes + lastBytes);
  for (let part = 0; part < parts; part++) bytes[part * partSizeBytes] = part + 1;
  const file = new File([bytes], 'clip.mp4');
  const groups: number[][] = [];
  const hashOf = async (body: Blob) => String(new Uint8Array(await body.arrayBuffer())[0]);
  const hashTogether = vi.fn(async (bodies: readonly Blob[], _: { signal: AbortSignal }) => {
    const md5s = await Promise.all(bodies.map(hashOf));
    groups.push(md5s.map(Number));
    return md5s;
  });
  const hash = vi.fn(async (body: Blob, { signal }: { signal: AbortSignal }) => {
    const [md5 = ''] = await hashTogether([body], { signal });
    return md5;
  });
  const stop = new AbortController();
  const hasher = new PartHasher({
    file,
    plan: pinnedPlan(file.size, partSizeBytes),
    known,
    workers: { hash, hashTogether, put: vi.fn(), close: () => {} },
    firstSend: new FirstSend(new FakeClock()),
    signal: stop.signal,
  });
  const list = Array.from({ length: parts }, (_, index) => index + 1);
  const md5 = (place: number, signal = stop.signal) => hasher.md5(list, place, signal);
  return { md5, list, groups, hashTogether, stop };
}

it('hashes the first part alone, and then four at a time, each once', async () => {
  const { md5, list, groups } = setUp({ parts: 10 });
  expect(await Promise.all(list.map((_, place) => md5(place)))).toEqual(list.map(String));
  expect(groups).toEqual([[1], [2, 3, 4, 5], [6, 7, 8, 9], [10]]);
});

it('has the next ones ready when they are wanted one after another', async () => {
  const { md5, list, groups } = setUp({ parts: 9 });
  for (const place of list.keys()) expect(await md5(place)).toBe(String(place + 1));
  expect(groups).toEqual([[1], [2, 3, 4, 5], [6, 7, 8, 9]]);
});

it('leaves out what is known, and a last part of another size', async () => {
  const { md5, list, groups } = setUp({ parts: 6, known: new Map([[3, 'known']]), lastBytes: 4 });
  const md5s = await Promise.all(list.map((_, place) => md5(place)));
  expect(md5s).toEqual(['1', '2', 'known', '4', '5', '6']);
  expect(groups).toEqual([[1], [2, 4, 5], [6]]);
});

it('gives a group up for one part that is no longer wanted only for that part', async () => {
  const { md5, groups } = setUp();
  await md5(0);
  const pause = new AbortController();
  const paused = md5(1, pause.signal);
  pause.abort();
  await expect(paused).rejects.toMatchObject({ name: 'AbortError' });
  expect(await md5(2)).toBe('3');
  expect(groups).toEqual([[1], [2, 3, 4, 5]]);
});

it('rejects each part of a group that cannot be read, once it is wanted, and hashes it anew after that', async () => {
  const { md5, hashTogether } = setUp();
  await md5(0);
  hashTogether.mockRejectedValueOnce(new Error('gone'));
  await expect(md5(1)).rejects.toThrow('gone');
  await expect(md5(2)).rejects.toThrow('gone');
  expect(await md5(1)).toBe('2');
});

it('ends with the upload', async () => {
  const { md5, hashTogether, stop } = setUp();
  hashTogether.mockImplementation(() => new Promise<never>(() => {}));
  const hashing = md5(0);
  await settle();
  stop.abort();
  await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
});

import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Capabilities } from '../../protocol/index.js';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { type HashedPart, hashFirstParts, hashFollowing } from './first-parts.js';

const mib = 1024 * 1024;
const known: Capabilities = {
  provider: 's3',
  checksum: 'none',
  singlePutMaxBytes: 8 * mib,
  parts: { minSizeBytes: 5 * mib, maxSizeBytes: 5120 * mib, maxCount: 10_000 },
  signing: 'ahead',
  signsAtStart: true,
  canReplace: false,
};

async function md5Of(body: Blob): Promise<string> {
  return createHash('md5')
    .update(new Uint8Array(await body.arrayBuffer()))
    .digest('base64');
}

function setUp(sizeBytes: number) {
  const file = new Blob([new Uint8Array(sizeBytes)]);
  const clock = new FakeClock();
  const hash = vi.fn((body: Blob, _options: { signal: AbortSignal }) => md5Of(body));
  const workers = { hash, put: vi.fn(), close: () => {} };
  const { signal } = new AbortController();
  return { hash, clock, options: { file, workers, clock, signal } };
}

const expecting = (capabilities: Capabilities | undefined, partSizeBytes?: number) => ({
  capabilities,
  partSizeBytes,
});

describe('hashFirstParts', () => {
  it('hashes five megabytes of the parts that the provider’s limits make', async () => {
    const { options } = setUp(20_000_000);
    const parts = await hashFirstParts(expecting(known), options);
    expect(parts.map(({ part: { partNumber, sizeBytes } }) => [partNumber, sizeBytes])).toEqual([
      [1, 5 * mib],
    ]);
    expect(parts[0]?.part.md5Base64).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  });

  it('hashes the parts of both usual plans while the provider is not known', async () => {
    const { options } = setUp(20_000_000);
    const parts = await hashFirstParts(expecting(undefined), options);
    expect(parts.map(({ part }) => part.sizeBytes / mib)).toEqual([5, 1.625, 1.625, 1.625]);
  });

  it('hashes the parts that the host wishes for, within the limits of the store', async () => {
    const { options } = setUp(40_000_000);
    const sizesOf = async (wish: number) =>
      (await hashFirstParts(expecting(known, wish), options)).map(({ part }) => part.sizeBytes / mib);
    expect(await sizesOf(8 * mib)).toEqual([8]);
    expect(await sizesOf(mib)).toEqual([5]);
    expect(await sizesOf(Infinity)).toEqual([40_000_000 / mib]);
  });

  it('hashes one part where parts are large', async () => {
    const { options } = setUp(20_000_000);
    const large = { ...known, parts: { minSizeBytes: 16 * mib, maxSizeBytes: 5120 * mib, maxCount: 10_000 } };
    expect((await hashFirstParts(expecting(large), options)).map(({ part }) => part.partNumber)).toEqual([1]);
  });

  it.each([
    ['is small enough for one PUT', 8 * mib, known],
    ['may be small enough for one PUT', 8 * mib, undefined],
    [
      'goes to an endpoint that does not sign with the start',
      20 * mib,
      { ...known, signsAtStart: undefined },
    ],
    ['needs the MD5 of the whole', 20 * mib, { ...known, checksum: 'whole-file' as const }],
    ['goes to a provider without parts', 20 * mib, { ...known, parts: undefined }],
  ])('hashes no part of a file that %s', async (_, sizeBytes, capabilities) => {
    const { options, hash } = setUp(sizeBytes);
    expect(await hashFirstParts(expecting(capabilities), options)).toEqual([]);
    expect(hash).not.toHaveBeenCalled();
  });

  it('does not wait for a disk that takes longer than the question it saves', async () => {
    const { options, hash, clock } = setUp(20_000_000);
    hash.mockImplementation(() => new Promise<never>(() => {}));
    const parts = hashFirstParts(expecting(known), options);
    await clock.advance(250);
    expect(await parts).toEqual([]);
    expect(hash.mock.calls.every(([, { signal }]) => signal.aborted)).toBe(true);
  });

  it('answers no part of a file that cannot be read', async () => {
    const { options, hash } = setUp(20_000_000);
    hash.mockRejectedValue(new Error('gone'));
    expect(await hashFirstParts(expecting(known), options)).toEqual([]);
    await settle();
  });

  it('takes what was hashed before, of this plan only, also where another has parts of that number and size', async () => {
    const { options, hash } = setUp(20_000_000);
    const hashed = (start: number, sizeBytes: number, md5Base64: string): HashedPart => ({
      part: { partNumber: 1, sizeBytes, md5Base64 },
      start,
    });
    const ofThisPlan = hashed(0, 5 * mib, 'of this plan');
    const before = [hashed(0, mib, 'smaller'), hashed(mib, 5 * mib, 'elsewhere'), ofThisPlan];
    expect(await hashFirstParts(expecting(known), { ...options, known: Promise.resolve(before) })).toEqual([
      ofThisPlan,
    ]);
    expect(hash).not.toHaveBeenCalled();
  });
});

describe('hashFollowing', () => {
  const numbersOf = (hashed: readonly HashedPart[]) => hashed.map(({ part }) => part.partNumber);
  const firstPart: HashedPart = { part: { partNumber: 1, sizeBytes: 5 * mib, md5Base64: '' }, start: 0 };

  it('begins with the first part where that was not hashed in time', async () => {
    const { options } = setUp(80_000_000);
    const hashed: HashedPart[] = [];
    await hashFollowing(expecting(known), [], hashed, options);
    expect(numbersOf(hashed)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('hashes the parts after the first, one after another, as many as there are connections', async () => {
    const { options, hash } = setUp(80_000_000);
    const hashed: HashedPart[] = [];
    let [atOnce, most] = [0, 0];
    hash.mockImplementation(async (body) => {
      most = Math.max(most, ++atOnce);
      const md5 = await md5Of(body);
      atOnce -= 1;
      return md5;
    });
    await hashFollowing(expecting(known), [firstPart], hashed, options);
    expect(numbersOf(hashed)).toEqual([2, 3, 4, 5, 6]);
    expect(most).toBe(1);
  });

  it.each([
    [16, [2, 3]],
    [64, []],
  ])('hashes no more than 32 MB, of parts of %i MiB', async (size, numbers) => {
    const { options } = setUp(6 * size * mib);
    const hashed: HashedPart[] = [];
    const parts = { minSizeBytes: size * mib, maxSizeBytes: 5120 * mib, maxCount: 10_000 };
    await hashFollowing(expecting({ ...known, parts }), [firstPart], hashed, options);
    expect(numbersOf(hashed)).toEqual(numbers);
  });

  it('keeps what was hashed when it is aborted', async () => {
    const { options, hash } = setUp(80_000_000);
    const stop = new AbortController();
    const hashed: HashedPart[] = [];
    hash.mockImplementation((body) => {
      if (hash.mock.calls.length < 3) return md5Of(body);
      stop.abort();
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    await hashFollowing(expecting(known), [firstPart], hashed, { ...options, signal: stop.signal });
    expect(numbersOf(hashed)).toEqual([2, 3]);
  });

  it.each([
    ['the provider is not known', undefined],
    ['the endpoint does not sign with the start', { ...known, signsAtStart: undefined }],
  ])('hashes none while %s', async (_, capabilities) => {
    const { options, hash } = setUp(80_000_000);
    await hashFollowing(expecting(capabilities), [firstPart], [], options);
    expect(hash).not.toHaveBeenCalled();
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Capabilities } from '../../protocol/index.js';
import { FakeClock, settle } from '../test-support/fake-clock.js';
import { hashFirstParts } from './first-parts.js';

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

function setUp(sizeBytes: number) {
  const file = new Blob([new Uint8Array(sizeBytes)]);
  const clock = new FakeClock();
  const hash = vi.fn(async (body: Blob, _options: { signal: AbortSignal }) =>
    createHash('md5')
      .update(new Uint8Array(await body.arrayBuffer()))
      .digest('base64'),
  );
  const workers = { hash, put: vi.fn(), close: () => {} };
  const { signal } = new AbortController();
  return { hash, clock, options: { file, workers, clock, signal } };
}

describe('hashFirstParts', () => {
  it('hashes ten megabytes of the parts that the provider’s limits make', async () => {
    const { options } = setUp(20_000_000);
    const parts = await hashFirstParts(known, options);
    expect(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes])).toEqual([
      [1, 5 * mib],
      [2, 5 * mib],
    ]);
    expect(parts[0]?.md5Base64).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  });

  it('hashes the parts of both usual plans while the provider is not known', async () => {
    const { options } = setUp(20_000_000);
    const parts = await hashFirstParts(undefined, options);
    expect(parts.map(({ sizeBytes }) => sizeBytes / mib)).toEqual([5, 5, 1, 1, 1, 1, 1, 1]);
  });

  it('hashes one part where parts are large', async () => {
    const { options } = setUp(20_000_000);
    const large = { ...known, parts: { minSizeBytes: 16 * mib, maxSizeBytes: 5120 * mib, maxCount: 10_000 } };
    expect((await hashFirstParts(large, options)).map(({ partNumber }) => partNumber)).toEqual([1]);
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
    expect(await hashFirstParts(capabilities, options)).toEqual([]);
    expect(hash).not.toHaveBeenCalled();
  });

  it('does not wait for a disk that takes longer than the question it saves', async () => {
    const { options, hash, clock } = setUp(20_000_000);
    hash.mockImplementation(() => new Promise<never>(() => {}));
    const parts = hashFirstParts(known, options);
    await clock.advance(250);
    expect(await parts).toEqual([]);
    expect(hash.mock.calls.every(([, { signal }]) => signal.aborted)).toBe(true);
  });

  it('answers no part of a file that cannot be read', async () => {
    const { options, hash } = setUp(20_000_000);
    hash.mockRejectedValue(new Error('gone'));
    expect(await hashFirstParts(known, options)).toEqual([]);
    await settle();
  });
});

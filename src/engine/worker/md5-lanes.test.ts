import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { createMd5Lanes, laneCount, stepBytes } from './md5-lanes.js';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

afterEach(() => vi.unstubAllGlobals());

it.each([
  0,
  1,
  55,
  56,
  63,
  64,
  65,
  119,
  120,
  128,
  1000,
  stepBytes - 8,
  stepBytes - 1,
  stepBytes,
  stepBytes + 1,
])('has the digests of four messages of %i bytes, twice', async (size) => {
  const lanes = await createMd5Lanes();
  for (let time = 0; time < 2; time++) {
    const messages = Array.from({ length: laneCount }, () => randomBytes(size));
    lanes?.begin();
    for (let at = 0; at < size; at += stepBytes) {
      messages.forEach((message, lane) => lanes?.bytesOf(lane).set(message.subarray(at, at + stepBytes)));
      lanes?.update(Math.min(stepBytes, size - at));
    }
    const digests = lanes?.digests(size).map((digest) => Buffer.from(digest).toString('hex'));
    expect(digests).toEqual(messages.map(md5));
  }
});

it.each([
  ['is no WebAssembly', () => vi.stubGlobal('WebAssembly', undefined)],
  [
    'are no vectors, or a policy forbids WebAssembly',
    () => vi.stubGlobal('WebAssembly', { instantiate: () => Promise.reject(new Error('refused')) }),
  ],
])('is undefined where there %s', async (_, make) => {
  make();
  expect(await createMd5Lanes()).toBeUndefined();
});

it('is undefined where its digests are wrong', async () => {
  const { sin } = Math;
  vi.spyOn(Math, 'sin').mockImplementation((angle) => (angle === 64 ? sin(angle) + 1e-6 : sin(angle)));
  expect(await createMd5Lanes()).toBeUndefined();
  vi.restoreAllMocks();
});

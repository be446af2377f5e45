import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerPort, WorkerRequest, WorkerResponse } from './messages.js';
import { bytesOf, createWorkers, maxSmallBytes } from './small-bodies.js';

const never = new AbortController().signal;
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');
const request = { url: 'https://store.example/part', headers: {} };

/** One worker that answers in a later turn, and what it was asked. */
function workers() {
  const asked: WorkerRequest[] = [];
  const answer = (one: WorkerRequest): WorkerResponse | undefined => {
    const { id } = one;
    if (one.kind === 'hash' && one.bytes)
      return { kind: 'hashed', id, md5s: one.bytes.map((bytes) => md5(new Uint8Array(bytes))) };
    if (one.kind === 'hash')
      return { kind: 'failed', id, failure: { reason: 'unreadable', name: 'NotFoundError' } };
    return one.kind === 'put' ? { kind: 'replied', id, reply: { status: 200 } } : undefined;
  };
  const spawn = (): WorkerPort => {
    const port: WorkerPort = {
      onresponse: () => {},
      oncrash: () => {},
      onunavailable: () => {},
      post: (one) => {
        asked.push(one);
        const response = answer(one);
        if (response) setTimeout(() => port.onresponse(response));
      },
      close: () => {},
    };
    return port;
  };
  return { asked, workers: createWorkers(1, spawn) };
}

/** A file, and how often it was read. */
function readable(bytes: Uint8Array<ArrayBuffer>) {
  const file = new File([bytes], 'a.mp4');
  return { file, reading: vi.spyOn(file, 'arrayBuffer') };
}

it('reads a small file once for its hash, the journal and the store', async () => {
  const bytes = randomBytes(10_000);
  const { file, reading } = readable(bytes);
  const { asked, workers: pool } = workers();
  expect(await pool.hash(file, { signal: never })).toBe(md5(bytes));
  expect(Buffer.from(await bytesOf(file))).toEqual(bytes);
  const sent: number[] = [];
  await pool.put(request, file, { signal: never, onProgress: (count) => sent.push(count) });
  expect(reading).toHaveBeenCalledTimes(1);
  expect(sent).toEqual([10_000]);
  expect(asked.map((one) => one.kind)).toEqual(['hash', 'put']);
  expect(asked[1]).toMatchObject({ body: await bytesOf(file) });
});

it('hashes small files together that come while others are hashed, and answers each its own', async () => {
  const { asked, workers: pool } = workers();
  const all = Array.from({ length: 20 }, (_, index) => randomBytes(1000 + index));
  const hashes = all.map((bytes) => pool.hash(new Blob([bytes]), { signal: never }));
  expect(await Promise.all(hashes)).toEqual(all.map(md5));
  expect(asked.length).toBeLessThanOrEqual(2);
});

it('forgets the bytes of a file that was answered, so that what is sent again is read again', async () => {
  const { file, reading } = readable(randomBytes(100));
  const { asked, workers: pool } = workers();
  await pool.hash(file, { signal: never });
  await pool.put(request, file, { signal: never, onProgress: () => {} });
  await pool.put(request, file, { signal: never, onProgress: () => {} });
  expect(asked.at(-1)).toMatchObject({ kind: 'put', body: file });
  await pool.hash(file, { signal: never });
  expect(reading).toHaveBeenCalledTimes(2);
});

it('leaves what is larger, and what was not hashed as a whole, to the worker', async () => {
  const { asked, workers: pool } = workers();
  const large = new Blob([new Uint8Array(maxSmallBytes + 1)]);
  const tail = new Blob([new Uint8Array(10)]);
  const sent = vi.fn();
  await pool.put(request, large, { signal: never, onProgress: sent });
  await pool.put(request, tail, { signal: never, onProgress: sent });
  expect(asked).toMatchObject([{ body: large }, { body: tail }]);
  expect(sent).not.toHaveBeenCalled();
});

it('keeps the bytes of the latest files only', async () => {
  const { file, reading } = readable(randomBytes(100));
  await bytesOf(file);
  await Promise.all(Array.from({ length: 300 }, () => bytesOf(new File(['x'], 'x.mp4'))));
  await bytesOf(file);
  expect(reading).toHaveBeenCalledTimes(2);
});

it('keeps no bytes of what is no file, nor of any once it is closed', async () => {
  const { file, reading } = readable(randomBytes(100));
  const { workers: pool } = workers();
  await bytesOf(file);
  await Promise.all(Array.from({ length: 300 }, () => bytesOf(new Blob(['x']))));
  await bytesOf(file);
  expect(reading).toHaveBeenCalledTimes(1);
  pool.close();
  await bytesOf(file);
  expect(reading).toHaveBeenCalledTimes(2);
});

describe('a small file that cannot be read on the page', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['is refused', () => Promise.reject(new DOMException('gone', 'NotFoundError'))],
    ['is shorter than it was', () => Promise.resolve(new ArrayBuffer(3))],
    ['gives no bytes', () => new Promise<never>(() => {})],
  ])('is left to the worker, which tells why, where it %s', async (_, read) => {
    const { asked, workers: pool } = workers();
    const file = new File(['content'], 'a.mp4');
    vi.spyOn(file, 'arrayBuffer').mockImplementation(read);
    const failed = expect(pool.hash(file, { signal: never })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    await vi.advanceTimersByTimeAsync(20_000);
    await failed;
    expect(asked[0]).toMatchObject({ kind: 'hash', bodies: [file] });
  });

  it('does not hold up an abort', async () => {
    const { workers: pool } = workers();
    const file = new File(['content'], 'a.mp4');
    vi.spyOn(file, 'arrayBuffer').mockImplementation(() => new Promise<never>(() => {}));
    const controller = new AbortController();
    const stopped = expect(pool.hash(file, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    controller.abort();
    await stopped;
    await vi.advanceTimersByTimeAsync(20_000);
  });
});

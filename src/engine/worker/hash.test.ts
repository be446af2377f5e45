import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashBlob, hashBytes, hashTogether, UnreadableError } from './hash.js';

const options = { signal: new AbortController().signal, onProgress: () => {} };
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');

it('hashes bytes that were read already, each for itself', async () => {
  const all = [0, 1, 64, 10_000].map((size) => new Uint8Array(randomBytes(size)));
  expect(await hashBytes(all.map(({ buffer }) => buffer))).toEqual(all.map(md5));
});

describe('hashBlob', () => {
  it.each([0, 1, 5, 1024 * 1024, 1024 * 1024 + 1, 3_500_000])('hashes a file of %i bytes', async (size) => {
    const bytes = randomBytes(size);
    expect(await hashBlob(new Blob([bytes]), options)).toBe(md5(bytes));
  });

  it('hashes a file where streams cannot fill a buffer', async () => {
    const bytes = randomBytes(2_500_000);
    const blob = new Blob([bytes]);
    blob.stream = () =>
      ({
        getReader: () => {
          throw new TypeError('no byob');
        },
      }) as unknown as ReturnType<Blob['stream']>;
    expect(await hashBlob(blob, options)).toBe(md5(bytes));
  });

  it('reports the progress of hashing, which ends at the size of the file', async () => {
    const seen: number[] = [];
    await hashBlob(new Blob([new Uint8Array(2_500_000)]), {
      ...options,
      onProgress: (bytes) => seen.push(bytes),
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(2_500_000);
  });

  it('reads a few files at once, however many are to be hashed', async () => {
    let open = 0;
    let most = 0;
    const jobs = Array.from({ length: 100 }, () => {
      const bytes = randomBytes(2000);
      const blob = new Blob([bytes]);
      const stream = blob.stream.bind(blob);
      blob.stream = () => {
        open += 1;
        most = Math.max(most, open);
        return stream();
      };
      return hashBlob(blob, options).then((md5Base64) => {
        open -= 1;
        expect(md5Base64).toBe(md5(bytes));
      });
    });
    await Promise.all(jobs);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('lets the next file be hashed when one is aborted or cannot be read', async () => {
    const controller = new AbortController();
    controller.abort();
    const unreadable = () => {
      const blob = new Blob([new Uint8Array(10)]);
      blob.stream = () =>
        new ReadableStream({
          type: 'bytes',
          pull: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
        });
      return blob;
    };
    const ends = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        index % 2
          ? hashBlob(unreadable(), options)
          : hashBlob(new Blob(['x']), { ...options, signal: controller.signal }),
      ),
    );
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await hashBlob(new Blob(['x']), options)).toBe(md5(Buffer.from('x')));
  });

  it('rejects when a file gives fewer bytes than its size', async () => {
    const blob = new Blob([new Uint8Array(10)]);
    Object.defineProperty(blob, 'size', { value: 20 });
    await expect(hashBlob(blob, options)).rejects.toThrow(UnreadableError);
  });

  it('keeps the browser’s own error as the cause', async () => {
    const blob = new Blob([new Uint8Array(10)]);
    const gone = new DOMException('gone', 'NotFoundError');
    blob.stream = () => new ReadableStream({ type: 'bytes', pull: () => Promise.reject(gone) });
    await expect(hashBlob(blob, options)).rejects.toMatchObject({ name: 'UnreadableError', cause: gone });
  });

  it('stops hashing when it is aborted', async () => {
    const controller = new AbortController();
    const hashing = hashBlob(new Blob([new Uint8Array(5_000_000)]), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a disk that does not answer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const asleep = () => {
    const blob = new Blob([new Uint8Array(10)]);
    blob.stream = () => new ReadableStream({ type: 'bytes', pull: () => new Promise<never>(() => {}) });
    return blob;
  };

  it('fails only the file whose disk does not answer within a minute, and delays no other', async () => {
    vi.useFakeTimers();
    const ends = Promise.allSettled(Array.from({ length: 8 }, () => hashBlob(asleep(), options)));
    const other = hashBlob(new Blob(['x']), options);
    await vi.advanceTimersByTimeAsync(60_000);
    for (const end of await ends)
      expect(end).toMatchObject({ reason: { name: 'UnreadableError', cause: { name: 'TimeoutError' } } });
    await expect(other).resolves.toBe(md5(Buffer.from('x')));
  });

  it('ends an aborted hash at once although the disk does not answer', async () => {
    const controller = new AbortController();
    const hashing = hashBlob(asleep(), { ...options, signal: controller.signal });
    await Promise.resolve();
    controller.abort();
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a Content Security Policy that forbids WebAssembly', () => {
  afterEach(() => {
    vi.doUnmock('hash-wasm');
    vi.resetModules();
  });

  it('hashes files in plain JavaScript where WebAssembly is forbidden, also more than it hashes at once', async () => {
    vi.resetModules();
    vi.doMock('hash-wasm', () => ({
      createMD5: () => Promise.reject(new WebAssembly.CompileError('disallowed by the embedder')),
    }));
    const { hashBlob: hashPlain } = await import('./hash.js');
    const files = [0, 1, 63, 64, 65, 1_500_000, ...Array.from({ length: 10 }, (_, index) => 100 + index)];
    await Promise.all(
      files.map(async (size) => {
        const bytes = randomBytes(size);
        expect(await hashPlain(new Blob([bytes]), options)).toBe(md5(bytes));
      }),
    );
  });
});

/** A body whose bytes can be read once something has happened. */
function readAfter(event: Promise<void>, bytes: Uint8Array<ArrayBuffer>): Blob {
  const body = new Blob([bytes]);
  body.stream = () =>
    new ReadableStream({
      type: 'bytes',
      pull: async (to) => {
        await event;
        to.enqueue(new Uint8Array(bytes));
        to.close();
      },
    });
  return body;
}

describe('hashTogether', () => {
  it.each([
    ['two', [700_000, 700_000]],
    ['four', [3_000_001, 3_000_001, 3_000_001, 3_000_001]],
    ['five', [1000, 1000, 1000, 1000, 1000]],
    ['one', [5000]],
    ['no', []],
    ['empty', [0, 0]],
    ['different', [300_000, 300_001, 299_999]],
  ])('answers the same as one by one, for %s bodies', async (_, sizes) => {
    const all = sizes.map((size) => randomBytes(size));
    expect(
      await hashTogether(
        all.map((bytes) => new Blob([bytes])),
        options,
      ),
    ).toEqual(all.map(md5));
  });

  it('answers the same for several groups at once, and after one that failed', async () => {
    const group = () => Array.from({ length: 4 }, () => randomBytes(400_000));
    const groups = [group(), group(), group()];
    const hash = (one: Buffer<ArrayBuffer>[]) =>
      hashTogether(
        one.map((bytes) => new Blob([bytes])),
        options,
      );
    expect(await Promise.all(groups.map(hash))).toEqual(groups.map((one) => one.map(md5)));
    const broken = new Blob([randomBytes(400_000)]);
    broken.stream = () => new ReadableStream({ type: 'bytes', pull: (to) => to.error(new Error('gone')) });
    await expect(hashTogether([new Blob([randomBytes(400_000)]), broken], options)).rejects.toThrow(
      UnreadableError,
    );
    expect(await hash(groups[0] ?? [])).toEqual(groups[0]?.map(md5));
  });

  it('is not disturbed by bytes of a group that failed, which come later', async () => {
    const late = randomBytes(1000);
    let give = () => {};
    const isGiven = new Promise<void>((resolve) => (give = resolve));
    const slow = readAfter(isGiven, late);
    const broken = new Blob([randomBytes(1000)]);
    broken.stream = () => new ReadableStream({ type: 'bytes', pull: (to) => to.error(new Error('gone')) });
    await expect(hashTogether([slow, broken], options)).rejects.toThrow(UnreadableError);
    // The next group has its first bytes in the same lanes, and waits for those of its second.
    const [first, second] = [randomBytes(1000), randomBytes(1000)];
    let go = () => {};
    const isGone = new Promise<void>((resolve) => (go = resolve));
    const waiting = readAfter(isGone, second);
    const hashing = hashTogether([new Blob([first]), waiting], options);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    give();
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    go();
    expect(await hashing).toEqual([first, second].map(md5));
  });

  it('ends when it is aborted, though a disk does not answer', async () => {
    const stop = new AbortController();
    const hanging = new Blob([randomBytes(1000)]);
    hanging.stream = () => new ReadableStream({ type: 'bytes', pull: () => new Promise<never>(() => {}) });
    const hashing = hashTogether([hanging, new Blob([randomBytes(1000)])], {
      ...options,
      signal: stop.signal,
    });
    stop.abort();
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('takes a file that has become shorter for one that cannot be read', async () => {
    const short = new Blob([randomBytes(1000)]);
    const stream = new Blob([randomBytes(900)]);
    short.stream = () => stream.stream();
    await expect(hashTogether([short, new Blob([randomBytes(1000)])], options)).rejects.toThrow(
      UnreadableError,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MemoryJournalStore } from './resume/memory.js';
import { harness, settle } from './test-support/harness.js';

const partSizeBytes = 65_536;
const partCount = 10;
const sizeBytes = 600_000;

/** `changedAt`: an offset whose byte is another one. */
function fileOf(changedAt?: number): File {
  const bytes = new Uint8Array(sizeBytes).map((_, index) => index * 31 + (index >> 8) * 7);
  if (changedAt !== undefined) bytes[changedAt] = (bytes[changedAt] ?? 0) ^ 255;
  return new File([bytes], 'clip.mp4', { lastModified: 1, type: 'video/mp4' });
}

/** In a part, and not among the samples of which a fingerprint is made. */
function unsampled(partNumber: number): number {
  const step = Math.floor((sizeBytes - 131_072) / 17);
  const sample = Math.ceil(((partNumber - 1) * partSizeBytes - 65_536) / step);
  return 65_536 + step * Math.max(1, sample) + 10_000;
}

/** The page after one that has stored so many parts; its disk gives a part in 200 ms. */
async function onSlowDisk(storedParts: number) {
  const first = harness({ concurrency: { connections: 1 }, cloud: { partSizeBytes } });
  first.cloud.onPut = ({ partNumber }) => (partNumber > storedParts ? new Promise<never>(() => {}) : 'ok');
  await first.uploader.add([fileOf()]);
  await first.clock.advance(2000);
  first.cloud.onPut = () => 'ok';
  expect(first.cloud.only().parts.size).toBe(storedParts);
  const h = first.reload();
  await settle();
  const { hash } = h.cloud.workers;
  h.cloud.workers.hash = async (body, options) => {
    await h.clock.sleep(200, options.signal);
    return hash(body, options);
  };
  h.cloud.calls.length = 0;
  return h;
}

describe('resuming an upload of which much is stored', () => {
  it('sends the first missing part before everything stored is compared, and completes only after that', async () => {
    const h = await onSlowDisk(8);
    const { puts } = h.cloud;
    const before = puts.length;
    void h.uploader.add([fileOf()]);
    for (let passed = 0; puts.length === before; passed += 50) {
      expect(passed).toBeLessThan(2000);
      await h.clock.advance(50);
    }
    expect(puts[before]?.partNumber).toBe(9);
    // Eight parts would have taken 1,600 ms; what is missing was signed while the store was asked.
    expect(h.cloud.calls.map(({ operation }) => operation).sort()).toEqual(['list', 'sign']);
    await h.until('ready');
    expect(h.cloud.uploads.size).toBe(1);
    expect(Array.from({ length: partCount }, (_, index) => h.cloud.putsOf(index + 1))).toEqual([
      ...Array.from({ length: 8 }, () => 1),
      2,
      1,
    ]);
  });

  it('sends at once where more is stored than can be compared ahead, and compares that beside it', async () => {
    const large = 48 * 1024 * 1024;
    const file = () =>
      new File([new Uint8Array(4 * large)], 'clip.mp4', { lastModified: 1, type: 'video/mp4' });
    const first = harness({ concurrency: { connections: 1 }, cloud: { partSizeBytes: large } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 3 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([file()]);
    await first.clock.advance(2000);
    expect(first.cloud.only().parts.size).toBe(3);
    first.cloud.onPut = () => 'ok';
    const h = first.reload();
    await settle();
    const { hash } = h.cloud.workers;
    const hashedWhile: (string | undefined)[] = [];
    h.cloud.workers.hash = (body, options) => {
      if (body.size === large) hashedWhile.push(h.uploader.getSnapshot().uploads[0]?.status);
      return hash(body, options);
    };
    await h.uploader.add([file()]);
    await h.until('ready');
    // The part that is sent, before there is a row; and then those that are stored.
    expect(hashedWhile).toEqual([undefined, 'uploading', 'uploading', 'uploading']);
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('never completes an object of two contents, whichever part of the file has changed since', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 2, max: 9 }),
        async (storedParts, changedPart) => {
          const h = await onSlowDisk(storedParts);
          const file = fileOf(unsampled(changedPart));
          void h.uploader.add([file]);
          await h.clock.advance(60_000);
          const whole = Buffer.from(await file.arrayBuffer());
          const objects = [...h.cloud.uploads.values()].flatMap(({ object }) => (object ? [object] : []));
          expect(objects.length).toBe(1);
          expect(whole.equals(objects[0] ?? Buffer.alloc(0))).toBe(true);
          h.uploader.destroy();
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('the first part that is to be sent', () => {
  const large = 16 * 1024 * 1024;
  const film = () =>
    new File([new Uint8Array(3 * large)], 'clip.mp4', { lastModified: 1, type: 'video/mp4' });

  it('is hashed while the fingerprint is compared, and once only, when an upload is continued', async () => {
    const first = harness({ concurrency: { connections: 1 }, cloud: { partSizeBytes: large } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 2 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([film()]);
    await first.clock.advance(2000);
    expect(first.cloud.only().parts.size).toBe(2);
    first.cloud.onPut = () => 'ok';
    const h = first.reload();
    await settle();
    const { hash } = h.cloud.workers;
    const parts: Blob[] = [];
    let giveFingerprint = () => {};
    const isLookedAt = new Promise<void>((resolve) => (giveFingerprint = resolve));
    h.cloud.workers.hash = async (body, options) => {
      if (body.size === large) parts.push(body);
      else await isLookedAt;
      return hash(body, options);
    };
    const [card] = h.uploader.getSnapshot().unfinished;
    const continued = h.uploader.continueUnfinished(card?.id ?? '', film());
    await settle();
    expect(parts).toHaveLength(1);
    giveFingerprint();
    expect(await continued).toBe('continued');
    await h.until('ready');
    // The missing one, and the two that are compared.
    expect(parts).toHaveLength(3);
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('is hashed while the journal is read, and once only, when a file is added', async () => {
    const store = new MemoryJournalStore();
    const load = store.load.bind(store);
    let giveJournal = () => {};
    const isRead = new Promise<void>((resolve) => (giveJournal = resolve));
    store.load = async (...place) => {
      await isRead;
      return load(...place);
    };
    const partSizeBytes = 5 * 1024 * 1024;
    const h = harness({ cloud: { partSizeBytes } }, { store });
    const { hash } = h.cloud.workers;
    let parts = 0;
    h.cloud.workers.hash = (body, options) => {
      if (body.size === partSizeBytes) parts += 1;
      return hash(body, options);
    };
    void h.uploader.add([new File([new Uint8Array(20_000_000)], 'clip.mp4')]);
    await settle();
    expect(parts).toBe(1);
    giveJournal();
    await h.until('ready');
    expect(parts).toBe(3);
  });

  it('has the digest of its own bytes where likely plans have a part of that number and size elsewhere', async () => {
    // Of the two likely plans, one has parts of 5, 5 and 1 MiB, and the other a third part of 1 MiB further ahead.
    const sizeBytes = 11 * 1024 * 1024;
    const bytes = new Uint8Array(sizeBytes).map((_, index) => index >> 18);
    const h = harness({ cloud: { partSizeBytes: 5 * 1024 * 1024 } });
    await h.uploader.add([new File([bytes], 'clip.mp4')]);
    await h.until('ready');
    expect(Buffer.from(bytes).equals(h.cloud.only().object ?? Buffer.alloc(0))).toBe(true);
    expect(h.cloud.puts.map(({ partNumber }) => partNumber).sort()).toEqual([1, 2, 3]);
  });
});

it('stops hashing what follows at a pause, and after a cancel', async () => {
  const h = harness({ cloud: { partSizeBytes: 10 } });
  const { hash } = h.cloud.workers;
  const signals: AbortSignal[] = [];
  h.cloud.workers.hash = (body, options) => {
    if (body.size !== 10) return hash(body, options);
    signals.push(options.signal);
    return signals.length === 1 ? hash(body, options) : new Promise<never>(() => {});
  };
  await h.uploader.add([new File([new Uint8Array(130)], 'clip.mp4')]);
  await h.clock.advance(5000);
  const asked = signals.length;
  expect(asked).toBeGreaterThan(1);
  h.uploader.pause(h.only().id);
  await h.clock.advance(20_000);
  expect(signals.slice(1).every(({ aborted }) => aborted)).toBe(true);
  expect(signals).toHaveLength(asked);
  h.uploader.cancel(h.only().id);
  await h.clock.advance(20_000);
  expect(signals).toHaveLength(asked);
});

it('reads the first bytes of a dropped file while the journal is read, and once', async () => {
  const store = new MemoryJournalStore();
  let answer = () => {};
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  const load = store.load.bind(store);
  store.load = (...place) => isAnswered.then(() => load(...place));
  const h = harness({ ports: { store } });
  const file = fileOf();
  const stream = vi.spyOn(file, 'stream');
  const adding = h.uploader.add([file]);
  await settle();
  expect(stream).toHaveBeenCalledTimes(1);
  answer();
  expect((await adding).added).toHaveLength(1);
  expect(stream).toHaveBeenCalledTimes(1);
});

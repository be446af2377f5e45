import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import './effects/resume-session.js';
import type { UploaderOptions } from './options.js';
import { IndexedDbJournalStore } from './resume/indexed-db.js';
import { JournalDatabase } from './resume/journal-database.js';
import { harness, testFile } from './test-support/harness.js';
import type { UploadStatus } from './types.js';

afterEach(() => {
  vi.restoreAllMocks();
});

let databases = 0;
const never = () => new Promise<never>(() => {});
const full = () => {
  throw new DOMException('The disk is full.', 'QuotaExceededError');
};

/** IndexedDB answers in real time, which the fake clock knows nothing of. */
const inTime = (check: () => unknown) => vi.waitFor(check, { timeout: 5000 });

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });
}

/** An upload of ten parts, of which four are stored, with a journal in IndexedDB. */
async function page(options: Partial<UploaderOptions> = {}, file = testFile(95)) {
  const name = `lost-${++databases}`;
  const handle = {} as FileSystemFileHandle;
  const h = harness(
    { concurrency: { connections: 1 }, ...options },
    { store: new IndexedDbJournalStore(new JournalDatabase(name)) },
  );
  const gates: (() => void)[] = [];
  let isHeld = true;
  h.cloud.onPut = async ({ partNumber }) => {
    if (isHeld && partNumber > 4) await new Promise<void>((resolve) => gates.push(resolve));
    return 'ok' as const;
  };
  await h.uploader.add([{ file, handle }]);
  const goOn = () => {
    isHeld = false;
    for (const open of gates) open();
  };
  /** What another visit would find. */
  const journal = async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(name));
    const [entry] = await store.load('/api/uploads', 'fake');
    return { entry, parts: entry ? await store.parts(entry.id) : [], store };
  };
  const stored = (count: number) => inTime(() => expect(h.only().storedBytes).toBe(count * 10));
  return { ...h, name, goOn, journal, stored };
}

/** Time passes on both clocks. */
async function passes(h: { clock: { advance(ms: number): Promise<void> } }, check: () => Promise<unknown>) {
  await vi.waitFor(
    async () => {
      await h.clock.advance(5000);
      await check();
    },
    { timeout: 5000 },
  );
}

describe('a database that is deleted under an upload', () => {
  const statuses: UploadStatus[] = ['uploading', 'paused', 'confirming', 'processing', 'failed'];

  it.each(statuses)('that is %s is written again soon, and nothing of the upload is lost', async (status) => {
    const h = await page();
    const { cloud, uploader, only } = h;
    await h.stored(4);
    if (status === 'paused') uploader.pause(only().id);
    if (status === 'confirming') cloud.onCall = (operation) => (operation === 'finish' ? never() : undefined);
    if (status === 'processing')
      cloud.onCall = (operation) => (operation === 'details' ? never() : undefined);
    if (status === 'failed') cloud.onPut = () => ({ status: 403, errorCode: 'SignatureDoesNotMatch' });
    if (status !== 'uploading' && status !== 'paused') h.goOn();
    await passes(h, () => Promise.resolve(expect(only().status).toBe(status)));
    await passes(h, async () => expect((await h.journal()).entry).toBeDefined());
    // The journal is looked at less and less often; what the browser says of it comes first.
    await h.clock.advance(3_700_000);
    await deleteDatabase(h.name);
    let passedMs = 0;
    await vi.waitFor(
      async () => {
        await h.clock.advance(1000);
        passedMs += 1000;
        expect((await h.journal()).entry).toMatchObject({ fileName: 'clip.mp4' });
      },
      { timeout: 5000 },
    );
    expect(passedMs).toBeLessThan(60_000);
    const phase = { confirming: 'finishing', processing: 'processing' }[status as string] ?? 'uploading';
    expect((await h.journal()).entry?.phase).toBe(phase);
    const whole = ['confirming', 'processing'].includes(status);
    await inTime(async () => expect((await h.journal()).parts.length).toBeGreaterThanOrEqual(whole ? 10 : 4));
    expect(only().status).toBe(status);
    h.uploader.destroy();
  });

  it('is noticed by the next part where the browser says nothing of it', async () => {
    const h = await page({}, testFile(100));
    await h.stored(4);
    await passes(h, async () => expect((await h.journal()).parts).toHaveLength(4));
    await h.clock.advance(3_700_000);
    const { store, entry } = await h.journal();
    await store.delete(entry?.id ?? '');
    expect(h.only().isFileKept).toBe(true);
    // Whichever those are: signatures have expired meanwhile.
    let more = 2;
    h.cloud.onPut = () => (more-- > 0 ? 'ok' : never());
    h.goOn();
    await h.stored(6);
    await inTime(() => expect(h.only().isFileKept).toBe(false));
    expect(h.uploader.getSnapshot().canResumeAfterReload).toBe(false);
    let passedMs = 0;
    await vi.waitFor(
      async () => {
        await h.clock.advance(1000);
        passedMs += 1000;
        expect((await h.journal()).parts.length).toBeGreaterThanOrEqual(5);
      },
      { timeout: 5000 },
    );
    expect(passedMs).toBeLessThan(60_000);
    await inTime(() => expect(h.only().isFileKept).toBe(true));
    expect(h.uploader.getSnapshot().canResumeAfterReload).toBe(true);
    h.uploader.destroy();
  });

  it('gets the bytes of a small file and of its subtitles again', async () => {
    const h = await page({ keepFilesMaxSizeBytes: 1000, autoStart: false });
    h.cloud.onAttachment = () => never();
    const subtitles = new File(['1\n00:00:00,000 --> 00:00:01,000\nHi\n'], 'de.srt');
    h.uploader.attach(h.only().id, { kind: 'subtitle', file: subtitles, language: 'de' });
    h.uploader.start();
    await passes(h, async () => {
      const { store, entry } = await h.journal();
      expect(await store.file(entry?.id ?? '')).toBeDefined();
    });
    await deleteDatabase(h.name);
    await passes(h, async () => {
      const { store, entry } = await h.journal();
      expect((await store.file(entry?.id ?? ''))?.size).toBe(95);
      const [subtitle] = entry?.attachments ?? [];
      expect((await store.file(`${entry?.id}#${subtitle?.spec.attachmentId}`))?.size).toBe(subtitles.size);
    });
    h.uploader.destroy();
  });
});

describe('a full disk', () => {
  const put = IDBObjectStore.prototype.put;
  /** Refuses what goes into that store of the database, until it is told that there is space. */
  function fill(isRefused: (store: string) => boolean) {
    const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
    ) {
      return isRefused(this.name) ? full() : put.call(this, value);
    });
    return { free: () => spy.mockRestore() };
  }
  const claims = (h: Awaited<ReturnType<typeof page>>) => ({
    isFileKept: h.only().isFileKept,
    canResume: h.uploader.getSnapshot().canResumeAfterReload,
  });

  it('that refuses the entry: the upload goes on, nothing is claimed, and after there is space it is', async () => {
    const disk = fill((store) => store === 'uploads');
    const h = await page();
    await h.stored(4);
    await inTime(() => expect(claims(h)).toEqual({ isFileKept: false, canResume: false }));
    // Reading still works, and says nothing of what was refused.
    const lateCard = harness({}, { cloud: h.cloud, clock: h.clock, store: h.store });
    await lateCard.uploader.add([testFile(30)]);
    for (let count = 0; count < 5; count += 1) {
      await h.clock.advance(31_000);
      expect(claims(h)).toEqual({ isFileKept: false, canResume: false });
    }
    disk.free();
    await passes(h, () => Promise.resolve(expect(claims(h)).toEqual({ isFileKept: true, canResume: true })));
    expect(await h.journal()).toMatchObject({ entry: { phase: 'uploading' }, parts: { length: 4 } });
    h.goOn();
    await h.until('ready');
    lateCard.uploader.destroy();
    h.uploader.destroy();
  });

  it('that refuses parts of the journal: their bytes are not claimed as kept, and after there is space they are', async () => {
    const disk = fill((store) => store === 'parts');
    const h = await page();
    await h.stored(4);
    await inTime(() => expect(claims(h)).toEqual({ isFileKept: false, canResume: false }));
    await h.clock.advance(31_000);
    expect(claims(h)).toEqual({ isFileKept: false, canResume: false });
    disk.free();
    await passes(h, () => Promise.resolve(expect(claims(h)).toEqual({ isFileKept: true, canResume: true })));
    expect((await h.journal()).parts).toHaveLength(4);
    h.goOn();
    await h.until('ready');
    h.uploader.destroy();
  });

  it('that refuses the bytes of a small file: they are not claimed as kept, and after there is space they are', async () => {
    const disk = fill((store) => store === 'files');
    const h = harness(
      { concurrency: { connections: 1 }, keepFilesMaxSizeBytes: 1000 },
      { store: new IndexedDbJournalStore(new JournalDatabase(`lost-${++databases}`)) },
    );
    h.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? never() : 'ok');
    await h.uploader.add([testFile(95)]);
    await inTime(() => expect(h.only().storedBytes).toBe(40));
    expect(h.only().isFileKept).toBe(false);
    expect(h.uploader.getSnapshot().canResumeAfterReload).toBe(true);
    disk.free();
    await passes(h, () => Promise.resolve(expect(h.only().isFileKept).toBe(true)));
    h.uploader.destroy();
  });
});

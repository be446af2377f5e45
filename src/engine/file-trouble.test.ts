import { describe, expect, it } from 'vitest';
import { UploadError } from './errors.js';
import { harness, settle, testFile, type Harness } from './test-support/harness.js';

/** A disk that can be taken away: what is read of the file fails meanwhile, with the browser's own words. */
function withDisk(h: Harness, name: string) {
  const { hash, put } = h.cloud.workers;
  let isAway = false;
  const readable = <T>(read: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new UploadError('file-unreadable', { detail: name })) : read();
  // The digests of all parts are hashed as well, and are not on the disk.
  h.cloud.workers.hash = (body, options) =>
    body.size > 95 ? hash(body, options) : readable(() => hash(body, options));
  h.cloud.workers.put = (...call) => readable(() => put(...call));
  return { take: () => (isAway = true), giveBack: () => (isAway = false) };
}

const names = ['NotFoundError', 'NotReadableError', 'TimeoutError', 'SecurityError'];
const moments = { 'the first part': 0, 'the middle': 5, 'the last part': 10 };

describe.each(names)('a file that cannot be read for a night (%s)', (name) => {
  it.each(Object.entries(moments))(
    'from %s on goes on by itself, and nothing stored is lost',
    async (_, from) => {
      const h = harness({ concurrency: { connections: 1 } });
      const disk = withDisk(h, name);
      h.cloud.onPut = ({ partNumber }) => {
        if (partNumber >= from) disk.take();
        return 'ok';
      };
      await h.uploader.add([testFile(95)]);
      await h.clock.advance(8 * 3_600_000);
      h.cloud.onPut = () => 'ok';
      if (h.only().status === 'uploading') {
        expect(h.only()).toMatchObject({ waiting: { for: 'file' }, canCancel: true, canPause: true });
        expect((await h.store.load('/api/uploads', 'fake')).map(({ phase }) => phase)).toEqual(['uploading']);
      }
      disk.giveBack();
      await h.until('ready');
      expect(h.cloud.uploads.size).toBe(1);
      for (let part = 1; part < from; part += 1) expect(h.cloud.putsOf(part)).toBe(1);
    },
  );

  it('while it is checked waits, and goes on by itself', async () => {
    const h = harness();
    const disk = withDisk(h, name);
    disk.take();
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(3_600_000);
    expect(h.only()).toMatchObject({ status: 'preparing', waiting: { for: 'file' } });
    expect(h.cloud.uploads.size).toBe(0);
    disk.giveBack();
    await h.until('ready');
  });

  it('while it is compared with what is stored keeps the session', async () => {
    const first = harness({ concurrency: { connections: 1 } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    first.cloud.onPut = () => 'ok';
    const h = first.reload();
    await settle();
    const disk = withDisk(h, name);
    h.cloud.onCall = (operation) => {
      if (operation === 'list') disk.take();
      return undefined;
    };
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(60_000);
    expect(h.only()).toMatchObject({ status: 'preparing', waiting: { for: 'file' } });
    h.cloud.onCall = () => undefined;
    disk.giveBack();
    await h.until('ready');
    expect(h.only().isResumed).toBe(true);
    expect(h.cloud.uploads.size).toBe(1);
  });
});

describe('an upload that waits for its file', () => {
  async function waiting(options: Parameters<typeof harness>[0] = {}, handle?: FileSystemFileHandle) {
    const h = harness({ concurrency: { connections: 1 }, ...options });
    const disk = withDisk(h, 'NotReadableError');
    h.cloud.onPut = ({ partNumber }) => {
      if (partNumber === 5) disk.take();
      return 'ok';
    };
    await h.uploader.add([{ file: testFile(95), handle }]);
    await h.clock.advance(60_000);
    expect(h.only().waiting).toEqual({ for: 'file' });
    h.cloud.onPut = () => 'ok';
    return { h, disk };
  }

  it('goes on from the same file chosen again, and compares what is stored with it', async () => {
    const { h, disk } = await waiting();
    disk.giveBack();
    expect(await h.uploader.replaceFile(h.only().id, testFile(95, { name: 'moved.mp4' }))).toBe('continued');
    await h.until('ready');
    expect(h.cloud.uploads.size).toBe(1);
    expect([1, 2, 3, 4].map((part) => h.cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
  });

  it.each([
    ['none', undefined],
    ['its own', { kind: 'file', name: 'moved.mp4' } as FileSystemFileHandle],
  ])('keeps for the next visit the handle of the file chosen again, which is %s', async (_, handle) => {
    const old = { kind: 'file', name: 'clip.mp4' } as FileSystemFileHandle;
    const { h, disk } = await waiting({}, old);
    disk.giveBack();
    h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.replaceFile(h.only().id, { file: testFile(95), handle });
    await h.clock.advance(1000);
    expect(h.only().isFileKept).toBe(handle !== undefined);
    const next = h.reload();
    await next.clock.advance(100);
    expect(next.uploader.getSnapshot().unfinished).toMatchObject([{ canContinue: handle !== undefined }]);
    expect(await h.store.load('/api/uploads', 'fake')).toMatchObject([{ handle }]);
  });

  it('does not take another file, and goes on waiting', async () => {
    const { h, disk } = await waiting();
    disk.giveBack();
    const outcome = h.uploader.replaceFile(h.only().id, testFile(95, { seed: 7 }));
    expect(await outcome).toBe('wrong-file');
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('says that it needs a file when the one given cannot be read either', async () => {
    const { h } = await waiting();
    expect(await h.uploader.replaceFile(h.only().id, testFile(95))).toBe('needs-file');
  });

  it('opens the file again where the browser gave a handle, without a question', async () => {
    const h = harness({ concurrency: { connections: 1 } });
    let snapshots = 1;
    const onDisk = () => testFile(95);
    const first = onDisk();
    const { slice } = first;
    let isStale = false;
    first.slice = (...range) => {
      const blob = slice.apply(first, range);
      if (isStale)
        blob.arrayBuffer = () => Promise.reject(new DOMException('written to', 'NotReadableError'));
      return blob;
    };
    const { hash } = h.cloud.workers;
    h.cloud.workers.hash = (body, options) =>
      isStale && snapshots === 1 ? Promise.reject(new UploadError('file-unreadable')) : hash(body, options);
    const handle = {
      queryPermission: () => Promise.resolve('granted'),
      getFile: () => {
        snapshots += 1;
        return Promise.resolve(onDisk());
      },
    } as unknown as FileSystemFileHandle;
    h.cloud.onPut = ({ partNumber }) => {
      if (partNumber === 5 && snapshots === 1) isStale = true;
      return 'ok';
    };
    await h.uploader.add([{ file: first, handle }]);
    await h.until('ready', 120_000);
    expect(snapshots).toBeGreaterThan(1);
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('fails as changed when its handle opens another content, and leaves nothing at the store', async () => {
    const h = harness({ concurrency: { connections: 1 } });
    let isChanged = false;
    const handle = {
      queryPermission: () => Promise.resolve('granted'),
      getFile: () => Promise.resolve(testFile(95, { seed: 9 })),
    } as unknown as FileSystemFileHandle;
    const original = testFile(95);
    const { slice } = original;
    original.slice = (...range) => {
      const blob = slice.apply(original, range);
      if (isChanged)
        blob.arrayBuffer = () => Promise.reject(new DOMException('written to', 'NotReadableError'));
      return blob;
    };
    const { hash } = h.cloud.workers;
    // What is as large as the file is the other one.
    h.cloud.workers.hash = (body, options) =>
      isChanged && body.size < original.size
        ? Promise.reject(new UploadError('file-unreadable'))
        : hash(body, options);
    h.cloud.onPut = () => {
      isChanged = true;
      return 'ok';
    };
    await h.uploader.add([{ file: original, handle }]);
    expect((await h.until('failed')).error).toMatchObject({ code: 'file-changed', isResumable: false });
    await settle();
    expect(h.cloud.only().told).toEqual(['failed']);
  });

  it('goes on from the bytes that were kept of a small file', async () => {
    const h = harness({ concurrency: { connections: 1 }, keepFilesMaxSizeBytes: 1000 });
    const file = testFile(95);
    let isGone = false;
    const { slice } = file;
    const ofFile = new WeakSet<Blob>();
    file.slice = (...range) => {
      const blob = slice.apply(file, range);
      if (range.length > 0) ofFile.add(blob);
      if (isGone && range.length > 0)
        blob.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
      return blob;
    };
    const { hash } = h.cloud.workers;
    const edgesSize = 2;
    h.cloud.workers.hash = (body, options) =>
      isGone && (ofFile.has(body) || body.size === edgesSize)
        ? Promise.reject(new UploadError('file-unreadable'))
        : hash(body, options);
    h.cloud.onPut = ({ partNumber }) => {
      if (partNumber === 5) isGone = true;
      return 'ok';
    };
    await h.uploader.add([file]);
    await h.until('ready', 120_000);
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('can be canceled, paused and resumed meanwhile', async () => {
    const { h, disk } = await waiting();
    h.uploader.pause(h.only().id);
    expect(h.only().status).toBe('paused');
    h.uploader.resume(h.only().id);
    await h.clock.advance(1000);
    expect(h.only()).toMatchObject({ status: 'uploading', waiting: { for: 'file' } });
    h.uploader.cancel(h.only().id);
    await h.clock.advance(1000);
    expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'done' });
    disk.giveBack();
  });

  it('keeps no other upload waiting', async () => {
    const h = harness({ concurrency: { files: 1 } });
    const large = 21 * 1024 * 1024;
    const asleep = testFile(large, { name: 'asleep.mp4' });
    const { hash } = h.cloud.workers;
    h.cloud.workers.hash = (body, options) =>
      body.size > 1000 ? Promise.reject(new UploadError('file-unreadable')) : hash(body, options);
    await h.uploader.add([asleep]);
    await h.clock.advance(10_000);
    h.cloud.workers.hash = (body, options) => hash(body, options);
    h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.add([testFile(large, { seed: 2 })]);
    await h.clock.advance(10_000);
    expect(h.uploader.getSnapshot().uploads.map(({ status }) => status)).toContain('uploading');
  });
});

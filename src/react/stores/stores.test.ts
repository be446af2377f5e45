import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadError } from '../../engine/index.js';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { Announcer } from './announcer.js';
import { diffUploads } from './diff-uploads.js';
import { createHostedUploader } from './hosted-uploader.js';
import { PacedStore } from './paced-store.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('PacedStore', () => {
  it('PacedStore passes urgent changes on immediately and the newest of the others once an interval', () => {
    let value = { status: 'a', bytes: 0 };
    let changed = () => undefined as void;
    const store = new PacedStore({
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
      read: () => value,
      isUrgent: (shown, next) => shown.status !== next.status,
      intervalMs: 500,
    });
    const heard = vi.fn();
    const set = (next: typeof value) => {
      value = next;
      changed();
    };
    store.subscribe(heard);
    set({ status: 'a', bytes: 1 });
    set({ status: 'a', bytes: 2 });
    set({ status: 'a', bytes: 3 });
    expect(store.getSnapshot().bytes).toBe(1);
    vi.advanceTimersByTime(500);
    expect(store.getSnapshot().bytes).toBe(3);
    set({ status: 'b', bytes: 4 });
    expect(store.getSnapshot()).toEqual({ status: 'b', bytes: 4 });
    expect(heard).toHaveBeenCalledTimes(3);
  });
});

describe('Announcer', () => {
  it('Announcer speaks the newest polite sentence at most every 5 s', () => {
    const announcer = new Announcer();
    announcer.subscribe(() => undefined);
    announcer.say('one');
    announcer.say('two');
    announcer.say('three');
    expect(announcer.getSnapshot().polite.text).toBe('one');
    vi.advanceTimersByTime(5000);
    expect(announcer.getSnapshot().polite.text).toBe('three');
  });
  it('Announcer speaks a prompt sentence at once, and what waits after it', () => {
    const announcer = new Announcer();
    announcer.subscribe(() => undefined);
    announcer.say('one');
    announcer.say('ready');
    announcer.say('rejected', 'prompt');
    expect(announcer.getSnapshot().polite.text).toBe('rejected');
    vi.advanceTimersByTime(4999);
    expect(announcer.getSnapshot().polite.text).toBe('rejected');
    vi.advanceTimersByTime(1);
    expect(announcer.getSnapshot().polite.text).toBe('ready');
  });
  it('Announcer drops a waiting sentence that is no longer true when its turn comes', () => {
    const announcer = new Announcer();
    announcer.subscribe(() => undefined);
    let isUploading = true;
    announcer.say('one');
    announcer.say('75 percent uploaded', 'polite', () => isUploading);
    isUploading = false;
    vi.advanceTimersByTime(5000);
    expect(announcer.getSnapshot().polite).toEqual({ text: 'one', serial: 1 });
  });
  it('Announcer counts what waits when its turn comes', () => {
    const announcer = new Announcer();
    announcer.subscribe(() => undefined);
    let count = 3;
    announcer.say('one');
    announcer.say(() => `Uploading ${count} videos`);
    count = 2;
    vi.advanceTimersByTime(5000);
    expect(announcer.getSnapshot().polite.text).toBe('Uploading 2 videos');
  });
  it('Announcer lets five seconds pass between a failure and the next polite sentence', () => {
    const announcer = new Announcer();
    announcer.subscribe(() => undefined);
    announcer.say('stopped', 'assertive');
    announcer.say('50 percent uploaded');
    expect(announcer.getSnapshot().polite.text).toBe('');
    vi.advanceTimersByTime(5000);
    expect(announcer.getSnapshot().polite.text).toBe('50 percent uploaded');
  });
  it('Announcer speaks assertive sentences immediately', () => {
    const announcer = new Announcer();
    announcer.say('one');
    announcer.say('stopped', 'assertive');
    expect(announcer.getSnapshot().assertive.text).toBe('stopped');
  });
});

describe('diffUploads', () => {
  const snapshot = (upload: ReturnType<typeof anUpload>) =>
    createFakeUploader({ uploads: [upload] }).getSnapshot();
  const types = (before: Parameters<typeof anUpload>[0], after: Parameters<typeof anUpload>[0]) =>
    diffUploads(snapshot(anUpload({ id: 'a', ...before })), snapshot(anUpload({ id: 'a', ...after }))).map(
      ({ type }) => type,
    );

  it('diffUploads reports each step of an upload once', () => {
    expect(types({ status: 'queued' }, { status: 'preparing' })).toEqual(['start']);
    expect(types({ status: 'preparing' }, { status: 'uploading', sentBytes: 1 })).toEqual(['progress']);
    expect(types({ status: 'confirming' }, { status: 'processing' })).toEqual(['confirmed']);
    expect(types({ status: 'processing' }, { status: 'ready' })).toEqual(['ready']);
    expect(types({ status: 'confirming' }, { status: 'ready' })).toEqual(['confirmed', 'ready']);
    expect(types({ status: 'uploading' }, { status: 'failed', error: new UploadError('internal') })).toEqual([
      'failed',
    ]);
    expect(types({ status: 'paused' }, { status: 'uploading', sentBytes: 500_000_000 })).not.toContain(
      'start',
    );
  });
});

it('the hosted uploader adds files that came before the engine, passes calls on, and keeps what it showed', async () => {
  const hosted = createHostedUploader();
  hosted.pauseAll();
  expect(await hosted.refreshDetails()).toBe(0);
  const adding = hosted.add([new File(['x'], 'a.mp4')]);
  const engine = createFakeUploader();
  const disconnect = hosted.connect(engine);
  await adding;
  const [upload] = hosted.getSnapshot().uploads;
  hosted.pause(upload?.id ?? '');
  expect(engine.calls.map(({ method }) => method)).toEqual(['add', 'pause']);
  disconnect();
  hosted.cancelAll();
  expect(engine.isDestroyed).toBe(false);
  expect(engine.calls).toHaveLength(2);
  // The upload goes on: it must not look removed.
  expect(hosted.getSnapshot().uploads).toMatchObject([{ fileName: 'a.mp4', status: 'paused' }]);
});

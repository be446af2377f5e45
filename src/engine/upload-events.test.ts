import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from './resume/store.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';
import type { UploadEvent } from './types.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What a listener is told: the types, or whole events. */
function listen({ uploader }: Harness) {
  const events: UploadEvent[] = [];
  const stop = uploader.onEvent((event) => events.push(event));
  return { events, types: () => events.map(({ type }) => type), stop };
}

const entriesOf = ({ store }: Harness): Promise<JournalEntry[]> => store.load('/api/uploads', 'fake');

describe('the events of an upload', () => {
  it('are told in their order, once, with receipt, media id and metadata', async () => {
    const h = harness({ metadata: () => ({ lesson: 1 }) });
    const { events, types } = listen(h);
    await h.uploader.add([testFile(95)]);
    await h.until('ready');
    await settle();
    expect(types()).toEqual(['started', 'confirmed', 'ready']);
    const [, confirmed, ready] = events;
    expect(confirmed?.upload).toMatchObject({
      mediaId: 'media-1',
      metadata: { lesson: 1 },
      status: 'processing',
    });
    expect(confirmed?.upload.receipt).toBeDefined();
    expect(ready?.upload.media).toBeDefined();
    expect(await entriesOf(h)).toEqual([]);
  });

  it('do not include a second start after a pause', async () => {
    const h = harness({ concurrency: { connections: 1 } });
    const { types } = listen(h);
    h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(1000);
    h.uploader.pauseAll();
    h.uploader.resumeAll();
    await h.clock.advance(1000);
    expect(types()).toEqual(['started']);
  });

  it('include every failure and every start after a retry', async () => {
    const h = harness();
    const { types } = listen(h);
    h.cloud.onCall = (operation) =>
      operation === 'start' ? Response.json({ code: 'file-refused' }, { status: 422 }) : undefined;
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    h.uploader.retryAll();
    await h.clock.advance(1000);
    await h.until('failed');
    await settle();
    expect(types()).toEqual(['started', 'failed', 'started', 'failed']);
  });

  it('are told to every listener, also where one throws, and the error is reported', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const h = harness();
    h.uploader.onEvent(({ type }) => {
      if (type === 'ready') throw new Error('of the host');
    });
    const { events } = listen(h);
    await h.uploader.add([testFile(50), testFile(50, { seed: 2 })]);
    await h.clock.advance(60_000);
    expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2);
    expect(report).toHaveBeenCalledTimes(2);
  });
});

/** How a host loses sight of an upload, and sees the next one. */
const absences: [string, (h: Harness) => Harness | Promise<Harness>][] = [
  ['a route without the widget', (h) => h],
  [
    'a reload',
    async (h) => {
      await h.clock.advance(1000);
      return h.reload();
    },
  ],
];

describe.each(absences)('after %s', (_, comeBack) => {
  it('the next listener receives a confirmation and an end that had no listener, exactly once', async () => {
    const first = harness({ metadata: () => ({ lesson: 1 }) });
    const before = listen(first);
    let open: (value: 'ok') => void = () => {};
    first.cloud.onPut = ({ partNumber }) =>
      partNumber === 10 ? new Promise((resolve) => (open = resolve)) : 'ok';
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    before.stop();
    open('ok');
    await first.until('ready');
    const second = await comeBack(first);
    await settle();
    const after = listen(second);
    await second.clock.advance(1000);
    expect(before.types()).toEqual(['started']);
    expect(after.types()).toEqual(['confirmed', 'ready']);
    for (const { upload } of after.events) {
      expect(upload).toMatchObject({ owner: 'this', mediaId: 'media-1', metadata: { lesson: 1 } });
      expect(upload.receipt).toBeDefined();
    }
    const third = listen(second);
    await second.clock.advance(1000);
    expect(third.types()).toEqual([]);
    expect(await entriesOf(second)).toEqual([]);
  });

  it('the next listener receives a failure that had no listener', async () => {
    const first = harness();
    listen(first).stop();
    first.cloud.onCall = (operation) =>
      operation === 'start' ? Response.json({ code: 'file-refused' }, { status: 422 }) : undefined;
    await first.uploader.add([testFile(95)]);
    await first.until('failed');
    const second = await comeBack(first);
    await settle();
    const after = listen(second);
    await second.clock.advance(1000);
    expect(after.types()).toEqual(['started', 'failed']);
    expect(after.events[1]?.upload.error).toBeDefined();
    expect(await entriesOf(second)).toEqual([]);
  });

  it('a confirmation that was told is not told again while the cloud processes', async () => {
    const first = harness();
    first.cloud.mediaStatus = 'processing';
    const before = listen(first);
    await first.uploader.add([testFile(95)]);
    await first.until('processing');
    await settle();
    before.stop();
    const second = await comeBack(first);
    const after = listen(second);
    await second.clock.advance(5000);
    expect(before.types()).toEqual(['started', 'confirmed']);
    expect(after.types()).toEqual([]);
    second.cloud.mediaStatus = 'ready';
    await second.until('ready');
    await settle();
    expect(after.types()).toEqual(['ready']);
    expect(after.events[0]?.upload.receipt).toBeDefined();
  });
});

describe('events and their tabs', () => {
  it('are not told in another tab, which shows the upload', async () => {
    const browser = new FakeBrowser();
    const first = harness({ ports: { tabs: browser.openTab() } });
    const second = harness({ ports: { tabs: browser.openTab() } }, first);
    const [here, there] = [listen(first), listen(second)];
    await first.clock.advance(500);
    await first.uploader.add([testFile(95)]);
    await first.until('ready');
    await first.clock.advance(1000);
    expect(second.only()).toMatchObject({ owner: 'other', status: 'ready' });
    expect(here.types()).toEqual(['started', 'confirmed', 'ready']);
    expect(there.types()).toEqual([]);
  });

  it('are told by the tab that takes the upload over, from there on', async () => {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const first = harness({ concurrency: { connections: 1 }, ports: { tabs: port } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    const before = listen(first);
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const second = harness({ ports: { tabs: browser.openTab() } }, first);
    const after = listen(second);
    await first.clock.advance(450);
    first.cloud.onPut = () => 'ok';
    port.kill();
    first.uploader.destroy();
    await second.until('ready');
    await settle();
    expect(before.types()).toEqual(['started']);
    expect(after.types()).toEqual(['confirmed', 'ready']);
  });

  it('are not told twice when two tabs open after a reload', async () => {
    const first = harness();
    listen(first).stop();
    await first.uploader.add([testFile(95)]);
    await first.until('ready');
    await first.clock.advance(1000);
    first.uploader.destroy();
    const browser = new FakeBrowser();
    const tabs = [1, 2].map(() => harness({ ports: { tabs: browser.openTab() } }, first));
    const heard = tabs.map((tab) => listen(tab));
    await first.clock.advance(2000);
    expect(heard.flatMap(({ types }) => types())).toEqual(['started', 'confirmed', 'ready']);
  });

  it('are not told in another scope', async () => {
    const first = harness({ scope: 'lesson 1' });
    listen(first).stop();
    await first.uploader.add([testFile(95)]);
    await first.until('ready');
    await first.clock.advance(1000);
    const second = first.reload({ scope: 'lesson 2' });
    const { types } = listen(second);
    await second.clock.advance(2000);
    expect(types()).toEqual([]);
    expect(await entriesOf(first)).toMatchObject([{ phase: 'ended', scope: 'lesson 1' }]);
  });

  it('are not kept for a host that never listens', async () => {
    const h = harness();
    await h.uploader.add([testFile(95)]);
    await h.until('ready');
    await h.clock.advance(1000);
    expect(await entriesOf(h)).toEqual([]);
  });

  it('are forgotten after the time after which uploads are abandoned', async () => {
    const first = harness({ abandonAfterMs: 1000 });
    listen(first).stop();
    await first.uploader.add([testFile(95)]);
    await first.until('ready');
    await first.clock.advance(5000);
    const second = first.reload();
    const { types } = listen(second);
    await second.clock.advance(1000);
    expect(types()).toEqual([]);
    expect(await entriesOf(second)).toEqual([]);
  });
});

it('keeps the events of the newest 200 uploads that ended without a listener, and forgets those of older ones', async () => {
  const first = harness();
  listen(first).stop();
  const names = Array.from({ length: 203 }, (_, index) => `film ${index}.mp4`);
  for (const [index, name] of names.entries()) {
    await first.uploader.add([testFile(50, { name, seed: index + 1 })]);
    await first.clock.advance(60_000);
  }
  expect(await entriesOf(first)).toHaveLength(203);
  const second = first.reload();
  await settle();
  const { events } = listen(second);
  await second.clock.advance(60_000);
  const told = events.filter(({ type }) => type === 'ready').map(({ upload }) => upload.fileName);
  expect(told.toSorted()).toEqual(names.slice(3).toSorted());
  expect(await entriesOf(second)).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { MemoryJournalStore } from './resume/memory.js';
import type { JournalEntry } from './resume/store.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, settle, testFile } from './test-support/harness.js';
import type { UploaderOptions } from './options.js';

/** A visit that stored four parts of ten and ended. */
async function earlierVisit(options: Partial<UploaderOptions> = {}) {
  const first = harness({ concurrency: { connections: 1 }, ...options });
  first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
  await first.uploader.add([testFile(95)]);
  await first.clock.advance(1000);
  first.uploader.destroy();
  first.cloud.onPut = () => 'ok';
  return first;
}

const entriesOf = (store: { load: (e: string, p: string) => Promise<JournalEntry[]> }) =>
  store.load('/api/uploads', 'fake');

/** Both directions, and scopes whose texts could be confused. */
const scopes: [string, string][] = [
  ['ann', 'ben'],
  ['', 'ann'],
  ['ann', ''],
  ['lesson 1', 'lesson 1 '],
  ['a/b', 'a'],
];

describe.each(scopes)('an upload of the scope "%s" seen from the scope "%s"', (mine, theirs) => {
  it('is not listed as unfinished there, and is listed again in its own scope', async () => {
    const visit = await earlierVisit({ scope: mine });
    const other = harness({ scope: theirs }, visit);
    await settle();
    expect(other.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    other.uploader.destroy();
    const own = harness({ scope: mine }, visit);
    await settle();
    expect(own.uploader.getSnapshot().unfinished).toHaveLength(1);
  });

  it('is not continued by a file of the same content, which becomes an upload of its own', async () => {
    const visit = await earlierVisit({ scope: mine });
    const before = await entriesOf(visit.store);
    const other = harness({ scope: theirs }, visit);
    await other.uploader.add([testFile(95)]);
    await other.until('ready');
    expect(visit.cloud.uploads.size).toBe(2);
    expect(await entriesOf(visit.store)).toEqual(before);
  });

  it('is neither continued nor discarded there by its id', async () => {
    const visit = await earlierVisit({ scope: mine });
    const [entry] = await entriesOf(visit.store);
    const other = harness({ scope: theirs }, visit);
    await settle();
    expect(await other.uploader.continueUnfinished(entry?.id ?? '', testFile(95))).toBe('needs-file');
    other.uploader.discardUnfinished(entry?.id ?? '');
    await other.clock.advance(5000);
    expect(visit.cloud.only().told).toEqual([]);
    expect(await entriesOf(visit.store)).toEqual([entry]);
  });

  it('does not send its kept file there', async () => {
    const visit = await earlierVisit({ scope: mine, keepFilesMaxSizeBytes: 1000 });
    const other = harness({ scope: theirs, keepFilesMaxSizeBytes: 1000 }, visit);
    await other.clock.advance(5000);
    expect(other.uploader.getSnapshot().uploads).toEqual([]);
    expect(visit.cloud.starts).toHaveLength(1);
    expect(await entriesOf(visit.store)).toHaveLength(1);
  });

  it('is not discarded there however old it is', async () => {
    const visit = await earlierVisit({ scope: mine, abandonAfterMs: 1000 });
    await visit.clock.advance(2000);
    harness({ scope: theirs, abandonAfterMs: 1000 }, visit);
    await visit.clock.advance(5000);
    expect(visit.cloud.only().told).toEqual([]);
    expect(await entriesOf(visit.store)).toHaveLength(1);
  });

  it('is not shown in a tab of the other scope, and takes no commands from there', async () => {
    const browser = new FakeBrowser();
    const first = harness({
      scope: mine,
      concurrency: { connections: 1 },
      ports: { tabs: browser.openTab() },
    });
    first.cloud.onPut = () => new Promise<never>(() => {});
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const other = harness({ scope: theirs, ports: { tabs: browser.openTab() } }, first);
    await first.clock.advance(1000);
    expect(other.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    const [entry] = await entriesOf(first.store);
    for (const act of ['pause', 'cancel', 'remove'] as const) other.uploader[act](entry?.id ?? '');
    await first.clock.advance(1000);
    expect(first.only().status).toBe('uploading');
  });

  it('is not taken over there when its tab dies', async () => {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const first = harness({ scope: mine, concurrency: { connections: 1 }, ports: { tabs: port } });
    first.cloud.onPut = () => new Promise<never>(() => {});
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const other = harness({ scope: theirs, ports: { tabs: browser.openTab() } }, first);
    await first.clock.advance(1000);
    port.kill();
    first.uploader.destroy();
    await first.clock.advance(5000);
    expect(other.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
  });
});

describe('entries of builds before scopes', () => {
  it('belong to the scope "" and are continued', async () => {
    const visit = await earlierVisit();
    const store = new MemoryJournalStore();
    for (const { version: _version, scope: _scope, ...entry } of await entriesOf(visit.store)) {
      await store.put(entry);
      for (const part of await visit.store.parts(entry.id)) await store.putPart(entry.id, part);
    }
    const second = harness({}, { ...visit, store });
    await settle();
    expect(second.uploader.getSnapshot().unfinished).toHaveLength(1);
    await second.uploader.add([testFile(95)]);
    await second.until('ready');
    expect(visit.cloud.uploads.size).toBe(1);
  });
});

it('names of locks and entries carry a version', async () => {
  const tab = new FakeBrowser().openTab();
  const first = harness({ concurrency: { connections: 1 }, ports: { tabs: tab } });
  first.cloud.onPut = () => new Promise<never>(() => {});
  await first.uploader.add([testFile(95)]);
  await first.clock.advance(1000);
  expect([...(await tab.lockedNames())]).toEqual([expect.stringMatching(/^vodrop\/1\//)]);
  expect(await entriesOf(first.store)).toMatchObject([{ version: 1 }]);
});

describe('entries of a later build', () => {
  it.each(['uploading', 'finishing', 'processing', 'discarding', 'of-a-later-build'] as const)(
    'are left alone in the phase %s',
    async (phase) => {
      const visit = await earlierVisit({ keepFilesMaxSizeBytes: 1000, abandonAfterMs: 1000 });
      const [left] = await entriesOf(visit.store);
      const entry = { ...left, version: 2, phase } as JournalEntry;
      await visit.store.put(entry);
      await visit.clock.advance(5000);
      const second = harness({ abandonAfterMs: 1000 }, visit);
      await second.clock.advance(5000);
      expect(second.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
      await second.uploader.add([testFile(95)]);
      await second.until('ready');
      expect(await entriesOf(visit.store)).toEqual([entry]);
      expect(visit.cloud.uploads.get('ticket-1')?.told).toEqual([]);
    },
  );
});

describe('messages that are not of this version', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'hello'],
    ['an early build', { kind: 'state', uploads: [{ key: 'a', fileName: 'a.mp4', status: 'uploading' }] }],
    ['a later build', { version: 2, kind: 'state', uploads: [] }],
    ['an unknown kind', { version: 1, kind: 'dance' }],
    ['a state without uploads', { version: 1, kind: 'state' }],
    ['a state of something else', { version: 1, kind: 'state', uploads: [null, 7, { key: 'a' }] }],
    [
      'an unknown status',
      { version: 1, kind: 'state', uploads: [{ key: 'a', fileName: 'a', sizeBytes: 1, status: 'x' }] },
    ],
    ['a file that is none', { version: 1, kind: 'file', key: 'a', file: 'text' }],
    ['an unknown command', { version: 1, kind: 'command', key: 'a', command: 'toString' }],
    ['an end of nothing', { version: 1, kind: 'gone' }],
  ])('are ignored: %s', async (_, message) => {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const names: string[] = [];
    const { uploader, clock } = harness({
      ports: { tabs: { ...port, open: (name, listen) => (names.push(name), port.open(name, listen)) } },
    });
    await clock.advance(100);
    const other = browser.openTab().open(names[0] ?? '', () => {});
    other.post(message);
    await clock.advance(1000);
    expect(names).toEqual(['vodrop/1/["/api/uploads","fake",""]']);
    expect(uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
  });
});

describe('the metadata of the host', () => {
  it('is taken when the file is added, shown and sent', async () => {
    let lesson = 1;
    const first = harness({ autoStart: false, metadata: () => Promise.resolve({ lesson }) });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    lesson = 2;
    expect(first.only().metadata).toEqual({ lesson: 1 });
    first.uploader.start();
    await first.clock.advance(1000);
    expect(first.cloud.starts).toMatchObject([{ metadata: { lesson: 1 } }]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createProblem } from '../protocol/index.js';
import type { UploaderOptions } from './options.js';
import type { JournalEntry, JournalStore } from './resume/store.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, settle, testFile } from './test-support/harness.js';
import type { UploadStatus } from './types.js';

type Options = Partial<UploaderOptions>;

/** A visit that stored four parts of ten and ended. */
async function earlierVisit(options: Options = {}, file = testFile(95)) {
  const first = harness({ concurrency: { connections: 1 }, ...options });
  first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
  await first.uploader.add([file]);
  first.uploader.start();
  await first.clock.advance(1000);
  first.uploader.destroy();
  first.cloud.onPut = () => 'ok';
  return first;
}

const entriesOf = (store: JournalStore): Promise<JournalEntry[]> => store.load('/api/uploads', 'fake');

/** Two tabs that both offer the same unfinished upload; parts after the sixth wait until `goOn`. */
async function twoTabsWithCard(options: Options = {}) {
  const { cloud, store, clock } = await earlierVisit();
  const browser = new FakeBrowser();
  const open = async () => {
    const port = browser.openTab();
    const tab = harness(
      { concurrency: { connections: 1 }, ...options, ports: { tabs: port } },
      { cloud, store, clock },
    );
    await clock.advance(450);
    return { ...tab, port };
  };
  const [a, b] = [await open(), await open()];
  let isHeld = true;
  const gates: (() => void)[] = [];
  cloud.onPut = async ({ partNumber }) => {
    if (isHeld && partNumber > 6) await new Promise<void>((resolve) => gates.push(resolve));
    return 'ok' as const;
  };
  const goOn = () => {
    isHeld = false;
    for (const open of gates) open();
  };
  const id = b.uploader.getSnapshot().unfinished[0]?.id ?? 'none';
  return { a, b, browser, cloud, store, clock, id, goOn };
}

describe('an unfinished upload that two tabs offer', () => {
  it('disappears from the second tab as soon as the first goes on with it', async () => {
    const { a, b, clock } = await twoTabsWithCard();
    await a.uploader.add([testFile(95)]);
    await clock.advance(1000);
    expect(a.only()).toMatchObject({ status: 'uploading', isResumed: true });
    expect(b.uploader.getSnapshot()).toMatchObject({
      unfinished: [],
      uploads: [{ owner: 'other', status: 'uploading' }],
    });
  });

  it('disappears from the second tab also while it waits for its turn in the first', async () => {
    const { a, b, cloud, clock, id } = await twoTabsWithCard({ concurrency: { files: 1, connections: 1 } });
    cloud.onPut = () => new Promise<never>(() => {});
    const others = Array.from({ length: 32 }, (_, index) => testFile(50, { seed: index + 2 }));
    await a.uploader.add(others);
    await clock.advance(1000);
    expect(await a.uploader.continueUnfinished(id, testFile(95))).toBe('continued');
    await clock.advance(1000);
    for (const { uploader } of [a, b]) {
      const { uploads, unfinished } = uploader.getSnapshot();
      expect(unfinished).toEqual([]);
      expect(uploads.filter(({ sizeBytes }) => sizeBytes === 95)).toMatchObject([{ status: 'queued' }]);
    }
  });

  it('comes back in both tabs when the first cannot go on with it after all', async () => {
    const { a, b, cloud, clock, id } = await twoTabsWithCard();
    // What the store has of the first part is of another file with the same samples.
    const bytes = Buffer.alloc(10, 'f');
    cloud.uploads.get('ticket-1')?.parts.set(1, bytes);
    const md5Base64 = createHash('md5').update(bytes).digest('base64');
    await a.store.putPart(id, { partNumber: 1, sizeBytes: 10, md5Base64 });
    await a.uploader.add([testFile(95)]);
    await clock.advance(2000);
    expect(a.uploader.getSnapshot().unfinished).toHaveLength(1);
    expect(b.uploader.getSnapshot().unfinished).toHaveLength(1);
    expect(cloud.uploads.get('ticket-1')?.told).toEqual([]);
  });

  it.each(['continueUnfinished', 'add'] as const)(
    'becomes one upload when both tabs continue it by %s',
    async (how) => {
      const { a, b, cloud, clock, id, goOn } = await twoTabsWithCard();
      goOn();
      await Promise.all(
        [a, b].map(({ uploader }) =>
          how === 'add' ? uploader.add([testFile(95)]) : uploader.continueUnfinished(id, testFile(95)),
        ),
      );
      await clock.advance(60_000);
      expect(cloud.uploads.size).toBe(1);
      for (const { uploader } of [a, b])
        expect(uploader.getSnapshot()).toMatchObject({ unfinished: [], uploads: [{ status: 'ready' }] });
      expect([6, 7].map((part) => cloud.putsOf(part))).toEqual([1, 1]);
    },
  );
});

/** What may be asked of an upload in a tab that does not own it, by a stale card. */
const cardActions = ['discardUnfinished', 'continueUnfinished'] as const;
const ownerStatuses: readonly UploadStatus[] = [
  'queued',
  'preparing',
  'uploading',
  'paused',
  'confirming',
  'processing',
  'ready',
];

describe.each(cardActions)('%s on a card whose removal the tab has not heard of', (action) => {
  it.each(ownerStatuses)('neither harms nor doubles the upload that another tab has %s', async (status) => {
    const { a, b, browser, cloud, clock, id, goOn } = await twoTabsWithCard(
      status === 'queued' ? { concurrency: { files: 1, connections: 1 } } : {},
    );
    browser.hold();
    if (status === 'queued') {
      cloud.onPut = () => new Promise<never>(() => {});
      await a.uploader.add(Array.from({ length: 32 }, (_, index) => testFile(50, { seed: index + 2 })));
      await clock.advance(100);
    }
    const gate = new Promise<undefined>(() => {});
    if (status === 'preparing') cloud.onCall = (operation) => (operation === 'list' ? gate : undefined);
    if (status === 'confirming') cloud.onCall = (operation) => (operation === 'finish' ? gate : undefined);
    if (status === 'processing') cloud.onCall = (operation) => (operation === 'details' ? gate : undefined);
    if (['confirming', 'processing', 'ready'].includes(status)) goOn();
    await a.uploader.continueUnfinished(id, testFile(95));
    await clock.advance(status === 'ready' ? 60_000 : 1000);
    if (status === 'paused') a.uploader.pause(id);
    await clock.advance(100);
    const row = () => a.uploader.getSnapshot().uploads.find((upload) => upload.id === id);
    expect(row()?.status).toBe(status);
    const finishes = () => cloud.calls.filter(({ operation }) => operation === 'finish').length;
    const before = { finishes: finishes(), uploads: cloud.uploads.size };
    if (action === 'discardUnfinished') b.uploader.discardUnfinished(id);
    else await b.uploader.continueUnfinished(id, testFile(95));
    await clock.advance(1000);
    expect(row()?.status).toBe(status);
    expect({ finishes: finishes(), uploads: cloud.uploads.size }).toEqual(before);
    expect(b.uploader.getSnapshot().unfinished).toEqual([]);
    expect(b.uploader.getSnapshot().uploads.filter(({ owner }) => owner === 'this')).toEqual([]);
  });
});

describe('continueUnfinished', () => {
  async function reloaded(options: Options = {}) {
    const second = (await earlierVisit(options)).reload();
    await settle();
    return { ...second, id: second.uploader.getSnapshot().unfinished[0]?.id ?? '' };
  }

  it.each<
    [string, (uploader: Awaited<ReturnType<typeof reloaded>>['uploader'], id: string) => Promise<unknown>[]]
  >([
    ['a double click', (uploader, id) => [1, 2].map(() => uploader.continueUnfinished(id, testFile(95)))],
    [
      'a click and a drop',
      (uploader, id) => [uploader.continueUnfinished(id, testFile(95)), uploader.add([testFile(95)])],
    ],
    [
      'a drop and a click',
      (uploader, id) => [uploader.add([testFile(95)]), uploader.continueUnfinished(id, testFile(95))],
    ],
    ['two drops', (uploader) => [1, 2].map(() => uploader.add([testFile(95)]))],
    ['one drop of the same file twice', (uploader) => [uploader.add([testFile(95), testFile(95)])]],
  ])('makes one upload of %s', async (_, act) => {
    const { uploader, cloud, clock, only, id } = await reloaded();
    await Promise.all(act(uploader, id));
    await clock.advance(60_000);
    expect(cloud.uploads.size).toBe(1);
    expect(only()).toMatchObject({ id, status: 'ready', isResumed: true });
  });

  it('makes one upload of a click now and a drop while it is under way', async () => {
    const { uploader, cloud, clock, only, id } = await reloaded();
    cloud.onPut = () => new Promise<never>(() => {});
    await uploader.continueUnfinished(id, testFile(95));
    await clock.advance(1000);
    expect(await uploader.add([testFile(95)])).toEqual({ added: [id], rejections: [] });
    expect(only().status).toBe('uploading');
  });

  it('starts also where new files wait for their start', async () => {
    const { uploader, clock, only, id } = await reloaded({ autoStart: false });
    expect(await uploader.continueUnfinished(id, testFile(95))).toBe('continued');
    await clock.advance(10_000);
    expect(uploader.getSnapshot().unfinished).toEqual([]);
    expect(only().status).toBe('ready');
  });

  it('discards at the store what was continued and is canceled before its parts are compared', async () => {
    const { uploader, cloud, clock, only, id } = await reloaded();
    let answer: (value: undefined) => void = () => {};
    cloud.onCall = (operation) =>
      operation === 'list' ? new Promise<undefined>((resolve) => (answer = resolve)) : undefined;
    await uploader.continueUnfinished(id, testFile(95));
    await clock.advance(100);
    uploader.cancel(id);
    answer(undefined);
    await clock.advance(2000);
    expect(only()).toMatchObject({ status: 'canceled', cleanup: 'done' });
    expect(cloud.only().told).toEqual(['canceled']);
  });
});

describe('a small file that was kept', () => {
  it('goes on by itself also where new files wait for their start, and is shown once', async () => {
    const second = (await earlierVisit({ autoStart: false, keepFilesMaxSizeBytes: 1000 })).reload();
    await second.clock.advance(10_000);
    const { uploads, unfinished } = second.uploader.getSnapshot();
    expect(unfinished).toEqual([]);
    expect(uploads).toMatchObject([{ status: 'ready' }]);
  });
});

describe('an upload of another person, without a scope', () => {
  const foreign = (operation: string) =>
    operation === 'list' || operation === 'finish' || operation === 'details'
      ? Response.json(createProblem('ticket-foreign'), { status: 403 })
      : undefined;

  it('is not restarted from its kept file', async () => {
    const visit = await earlierVisit({ keepFilesMaxSizeBytes: 1000 });
    visit.cloud.onCall = foreign;
    const other = harness({}, visit);
    await other.clock.advance(5000);
    expect(visit.cloud.starts).toHaveLength(1);
    expect(other.uploader.getSnapshot().uploads).toEqual([]);
    expect(await entriesOf(visit.store)).toMatchObject([{ phase: 'uploading', ticket: 'ticket-1' }]);
  });

  it('stays theirs when a file of the same content is added, which becomes an upload of its own', async () => {
    const visit = await earlierVisit();
    const before = await entriesOf(visit.store);
    let calls = 0;
    visit.cloud.onCall = (operation) =>
      operation === 'list' && calls++ === 0 ? foreign(operation) : undefined;
    const other = harness({}, visit);
    await other.uploader.add([testFile(95)]);
    await other.until('ready');
    expect(visit.cloud.uploads.size).toBe(2);
    expect(visit.cloud.uploads.get('ticket-1')?.told).toEqual([]);
    expect(await entriesOf(visit.store)).toEqual(before);
  });

  it.each(['finishing', 'processing', 'uploading', 'discarding'] as const)(
    'is left in the journal as it is in the phase %s',
    async (phase) => {
      const visit = await earlierVisit({ abandonAfterMs: 1000 });
      const [entry] = await entriesOf(visit.store);
      if (!entry) throw new Error('no entry');
      const left: JournalEntry = { ...entry, phase };
      for (let part = 5; part <= 10; part += 1)
        await visit.store.putPart(entry.id, {
          partNumber: part,
          sizeBytes: part === 10 ? 5 : 10,
          md5Base64: 'x',
        });
      await visit.store.put(left);
      visit.cloud.onCall = foreign;
      const isAbandoned = phase === 'uploading';
      if (isAbandoned) await visit.clock.advance(5000);
      const other = harness({ abandonAfterMs: isAbandoned ? 1000 : 1e9 }, visit);
      await other.clock.advance(60_000);
      expect(other.uploader.getSnapshot().uploads).toEqual([]);
      const [now] = await entriesOf(visit.store);
      expect(now).toMatchObject({
        id: entry.id,
        ticket: entry.ticket,
        phase,
      });
    },
  );
});

describe('a paused upload', () => {
  async function paused(options: Options = {}) {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const first = harness({ concurrency: { connections: 1 }, ...options, ports: { tabs: port } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    first.uploader.pauseAll();
    await first.clock.advance(1000);
    const end = () => {
      first.cloud.onPut = () => 'ok';
      port.kill();
      first.uploader.destroy();
    };
    return { first, browser, end };
  }

  it('stays paused in the tab that takes it over', async () => {
    const { first, browser, end } = await paused();
    const second = harness({ ports: { tabs: browser.openTab() } }, first);
    await first.clock.advance(450);
    expect(second.only()).toMatchObject({ status: 'paused', owner: 'other' });
    end();
    await first.clock.advance(5000);
    expect(second.only()).toMatchObject({ status: 'paused', owner: 'this', sentBytes: 40 });
    second.uploader.resumeAll();
    await second.until('ready');
    expect(first.cloud.uploads.size).toBe(1);
  });

  it('stays paused after a reload, also where its file was kept', async () => {
    const { first, end } = await paused({ keepFilesMaxSizeBytes: 1000 });
    end();
    const second = harness({}, first);
    await second.clock.advance(5000);
    expect(second.only()).toMatchObject({ status: 'paused', sentBytes: 40 });
    second.uploader.resumeAll();
    await second.until('ready');
    expect(first.cloud.uploads.size).toBe(1);
  });

  it('goes on when it is resumed before the reload', async () => {
    const { first, end } = await paused({ keepFilesMaxSizeBytes: 1000 });
    first.uploader.resumeAll();
    await first.clock.advance(1000);
    end();
    const second = harness({}, first);
    await second.until('ready');
  });

  it('has its lock although it was paused before its session was there', async () => {
    const browser = new FakeBrowser();
    const options: Options = { keepFilesMaxSizeBytes: 1000, concurrency: { connections: 1 } };
    const first = harness({ ...options, ports: { tabs: browser.openTab() } });
    let answer: (value: undefined) => void = () => {};
    first.cloud.onCall = (operation) =>
      operation === 'start' ? new Promise<undefined>((resolve) => (answer = resolve)) : undefined;
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(500);
    first.uploader.pauseAll();
    answer(undefined);
    first.cloud.onCall = () => undefined;
    await first.clock.advance(500);
    const second = harness({ ...options, ports: { tabs: browser.openTab() } }, first);
    await first.clock.advance(1000);
    expect(second.only()).toMatchObject({ owner: 'other', status: 'paused' });
    first.uploader.resumeAll();
    await first.clock.advance(60_000);
    for (const { uploader } of [first, second])
      expect(uploader.getSnapshot().uploads).toMatchObject([{ status: 'ready' }]);
    expect(Array.from({ length: 10 }, (_, part) => first.cloud.putsOf(part + 1))).toEqual(Array(10).fill(1));
  });
});

describe('the age of an unfinished upload', () => {
  it('counts from its last progress', async () => {
    const h = harness({
      concurrency: { connections: 1 },
      abandonAfterMs: 3_600_000,
      cloud: { expiresInMs: 1e9 },
    });
    let open = () => {};
    h.cloud.onPut = async ({ partNumber }) => {
      if (partNumber === 5) await new Promise<void>((resolve) => (open = resolve));
      return partNumber > 5 ? new Promise<never>(() => {}) : ('ok' as const);
    };
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(61 * 60_000);
    open();
    await h.clock.advance(1000);
    const progressAt = h.clock.now();
    const second = h.reload();
    await settle();
    const ages = second.uploader.getSnapshot().unfinished.map(({ updatedAt }) => progressAt - updatedAt);
    expect(ages).toHaveLength(1);
    expect(Math.max(...ages)).toBeLessThan(60_000);
    expect(h.cloud.only().told).toEqual([]);
  });
});

describe('browsers that refuse', () => {
  it('locks: the tab is alone, adds files and continues uploads', async () => {
    const visit = await earlierVisit();
    const refuse = () => Promise.reject(new DOMException('refused', 'SecurityError'));
    const tabs = { ...new FakeBrowser().openTab(), acquire: refuse, lockedNames: refuse };
    const second = harness({ ports: { tabs } }, visit);
    await settle();
    expect(second.uploader.getSnapshot().unfinished).toHaveLength(1);
    await second.uploader.add([testFile(95)]);
    await second.until('ready');
    expect(visit.cloud.uploads.size).toBe(1);
  });

  it('the journal: a row whose tab is gone ends, and can be removed', async () => {
    const browser = new FakeBrowser();
    const port = browser.openTab();
    const refuse = () => Promise.reject(new DOMException('refused', 'SecurityError'));
    const store: JournalStore = {
      load: refuse,
      parts: refuse,
      put: refuse,
      putPart: refuse,
      deletePart: refuse,
      putFile: refuse,
      file: refuse,
      delete: refuse,
    };
    const first = harness({ concurrency: { connections: 1 }, ports: { tabs: port, store } });
    first.cloud.onPut = () => new Promise<never>(() => {});
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    const second = harness({ ports: { tabs: browser.openTab(), store } }, first);
    await first.clock.advance(450);
    expect(second.only()).toMatchObject({ owner: 'other', status: 'uploading' });
    port.kill();
    first.uploader.destroy();
    await first.clock.advance(10_000);
    const row = second.only();
    expect(row).toMatchObject({ status: 'failed', canRetry: false, canRemove: true });
    expect(row.error?.code).toBe('tab-closed');
    second.uploader.remove(row.id);
    expect(second.uploader.getSnapshot().uploads).toEqual([]);
  });
});

describe('an uploader that is destroyed while it reads the journal', () => {
  it('leaves no lock behind', async () => {
    const visit = await earlierVisit({ keepFilesMaxSizeBytes: 1000 });
    const tab = new FakeBrowser().openTab();
    tab.areLocksSlow = true;
    const short = harness({ ports: { tabs: tab } }, visit);
    for (let turn = 0; turn < 200 && (await tab.lockedNames()).size === 0; turn += 1) await Promise.resolve();
    short.uploader.destroy();
    await visit.clock.advance(1000);
    expect(await tab.lockedNames()).toEqual(new Set());
  });
});

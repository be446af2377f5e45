import { describe, expect, it } from 'vitest';
import { createProblem } from '../protocol/index.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import './first-file.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, testFile } from './test-support/harness.js';
import type { UploaderOptions } from './options.js';
import type { Uploader, UploadSnapshot } from './types.js';

const sizeBytes = 95;
const isOurs = (upload: { sizeBytes: number }) => upload.sizeBytes === sizeBytes;

/** An upload of an earlier visit with four of ten parts, and three tabs that offer it. */
async function threeTabs(options: Partial<UploaderOptions> = {}) {
  const first = harness({ concurrency: { connections: 1 } });
  first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
  await first.uploader.add([testFile(sizeBytes)]);
  await first.clock.advance(1000);
  first.uploader.destroy();
  first.cloud.onPut = () => 'ok';
  const { cloud, store, clock } = first;
  const browser = new FakeBrowser();
  const open = async () => {
    const port = browser.openTab();
    const tab = harness(
      { concurrency: { files: 1, connections: 1 }, ...options, ports: { tabs: port } },
      { cloud, store, clock },
    );
    await clock.advance(450);
    const row = () => tab.uploader.getSnapshot().uploads.find(isOurs);
    const card = () => tab.uploader.getSnapshot().unfinished.find(isOurs);
    return { ...tab, port, row, card };
  };
  const tabs = [await open(), await open(), await open()] as const;
  const id = tabs[0].card()?.id ?? 'none';
  const gates: (() => void)[] = [];
  let isHeld = true;
  const hold = <T>(answer: T) =>
    isHeld ? new Promise<T>((resolve) => gates.push(() => resolve(answer))) : answer;
  /** What is held up arrives, and nothing is held up any more. */
  const goOn = () => {
    isHeld = false;
    for (const open of gates) open();
  };
  return { tabs, id, cloud, clock, store, browser, hold, goOn, open };
}

type Stage = Awaited<ReturnType<typeof threeTabs>>;

/** Brings the upload into that status in the first tab. */
const statuses: Record<string, (stage: Stage) => Promise<void>> = {
  'an unfinished card': async () => {},
  queued: async ({ tabs: [a], id, cloud, clock, hold }) => {
    cloud.onPut = () => hold('ok' as const);
    await a.uploader.add(Array.from({ length: 33 }, (_, index) => testFile(50, { seed: index + 2 })));
    await clock.advance(100);
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
  },
  preparing: async ({ tabs: [a], id, cloud, hold }) => {
    cloud.onCall = (operation) => (operation === 'list' ? hold(undefined) : undefined);
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
  },
  uploading: async ({ tabs: [a], id, cloud, hold }) => {
    cloud.onPut = ({ partNumber }) => (partNumber > 6 ? hold('ok' as const) : 'ok');
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
  },
  paused: async (stage) => {
    await statuses['uploading']?.(stage);
    await stage.clock.advance(1000);
    stage.tabs[0].uploader.pause(stage.id);
    await stage.clock.advance(20_000);
  },
  'finishing parts after a pause': async (stage) => {
    await statuses['uploading']?.(stage);
    await stage.clock.advance(1000);
    stage.tabs[0].uploader.pause(stage.id);
  },
  confirming: async ({ tabs: [a], id, cloud, hold }) => {
    cloud.onCall = (operation) => (operation === 'finish' ? hold(undefined) : undefined);
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
  },
  processing: async ({ tabs: [a], id, cloud, hold }) => {
    cloud.onCall = (operation) => (operation === 'details' ? hold(undefined) : undefined);
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
  },
  failed: async ({ tabs: [a], id, cloud, hold, clock }) => {
    cloud.onPut = ({ partNumber }) => (partNumber > 6 ? { status: 400, errorCode: 'InvalidRequest' } : 'ok');
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
    await clock.advance(60_000);
    cloud.onPut = () => hold('ok' as const);
  },
  'failed for good': async ({ tabs: [a], id, cloud, clock }) => {
    cloud.onCall = (operation) =>
      operation === 'finish' ? Response.json(createProblem('file-refused'), { status: 422 }) : undefined;
    await a.uploader.continueUnfinished(id, testFile(sizeBytes));
    await clock.advance(60_000);
    cloud.onCall = () => undefined;
  },
  'waiting for its file': async ({ tabs: [a], id, cloud, clock, hold }) => {
    const file = testFile(sizeBytes);
    let isGone = false;
    const { slice } = file;
    file.slice = (...range) => {
      const part = slice.apply(file, range);
      if (isGone) part.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
      return part;
    };
    cloud.onPut = ({ partNumber }) => {
      isGone = partNumber === 6;
      return partNumber > 6 ? hold('ok' as const) : 'ok';
    };
    await a.uploader.continueUnfinished(id, file);
    await clock.advance(30_000);
  },
};

const actions: Record<string, (uploader: Uploader, id: string) => unknown> = {
  pause: (uploader, id) => uploader.pause(id),
  'pause all': (uploader) => uploader.pauseAll(),
  resume: (uploader, id) => uploader.resume(id),
  'resume all': (uploader) => uploader.resumeAll(),
  cancel: (uploader, id) => uploader.cancel(id),
  'cancel all': (uploader) => uploader.cancelAll(),
  discard: (uploader, id) => uploader.discardUnfinished(id),
  continue: (uploader, id) => uploader.continueUnfinished(id, testFile(sizeBytes)),
  'add the file': (uploader) => uploader.add([testFile(sizeBytes)]),
  retry: (uploader, id) => uploader.retry(id),
  'retry all': (uploader) => uploader.retryAll(),
  remove: (uploader, id) => uploader.remove(id),
};

/** The same file added then is another upload, which is allowed. */
const isOver = (status: string) => status === 'processing' || status.startsWith('failed');

const cases = Object.keys(statuses).flatMap((status) =>
  Object.keys(actions)
    .filter((action) => action !== 'add the file' || !isOver(status))
    .flatMap((action) => (['', ', and its tab dies'] as const).map((end) => ({ status, action, end }))),
);

/** What the tabs say of the upload, and what is so. */
function check({ tabs, cloud, id }: Stage, alive: readonly Stage['tabs'][number][]) {
  const rows = alive.map(({ row }) => row());
  const owners = rows.filter((row) => row?.owner === 'this');
  expect(owners.length, 'owners').toBeLessThanOrEqual(1);
  for (const tab of alive) {
    const cardCount = tab.uploader.getSnapshot().unfinished.filter(isOurs).length;
    const rowCount = tab.uploader.getSnapshot().uploads.filter(isOurs).length;
    expect(cardCount + rowCount, 'rows and cards').toBeLessThanOrEqual(1);
  }
  const uploads = [...cloud.uploads.values()].filter(isOurs);
  const whole = uploads.filter(({ object }) => object);
  expect(whole.length, 'stored twice').toBeLessThanOrEqual(1);
  const words = new Set(rows.flatMap((row) => row?.status ?? []));
  return { rows, words: [...words], uploads, whole, id, tabs };
}

const ended: readonly UploadSnapshot['status'][] = ['ready', 'failed', 'canceled'];

describe.each(Object.keys(statuses))('an upload that one of three tabs has: %s', (status) => {
  it.each(cases.filter((one) => one.status === status))(
    'has one owner and one truth after $action in another tab$end',
    async ({ action, end }) => {
      const stage = await threeTabs();
      const { tabs, id, clock, goOn } = stage;
      const [a, b, c] = tabs;
      await statuses[status]?.(stage);
      await clock.advance(1000);
      const before = b.row();
      await actions[action]?.(b.uploader, id);
      await clock.advance(2000);
      check(stage, tabs);
      if (end) {
        a.port.kill();
        a.uploader.destroy();
      }
      await clock.advance(5000);
      goOn();
      await clock.advance(120_000);
      const alive = end ? [b, c] : [a, b, c];
      const { words, whole, uploads, rows } = check(stage, alive);
      // A row that has ended stays where it was seen; no two tabs say different things of it.
      expect(words.length, words.join()).toBeLessThanOrEqual(1);
      const [word] = words;
      if (word === 'ready') expect(whole).toHaveLength(1);
      if (word === 'canceled') expect(whole).toHaveLength(0);
      if (word === 'canceled' || (action === 'discard' && status === 'an unfinished card')) {
        expect(uploads.every(({ told }) => told.includes('canceled') || told.includes('failed'))).toBe(true);
        expect((await stage.store.load('/api/uploads', 'fake')).filter(isOurs)).toEqual([]);
      }
      // What was offered was done.
      if (action.startsWith('cancel') && before?.canCancel)
        for (const row of rows) expect(row?.status === 'canceled' || row?.isTooLateToCancel).toBe(true);
      if (action.startsWith('pause') && before?.canPause) expect(word).toBe('paused');
      if (action.startsWith('resume') && before?.canResume && !end) expect(word).toBe('ready');
      if (action.startsWith('retry') && before?.canRetry && !end) expect(word).toBe('ready');
      if (action === 'remove' && before?.canRemove && before.status === 'failed')
        expect(b.row()).toBeUndefined();
      // Nothing goes on by itself that has not ended or was not paused.
      for (const row of rows)
        if (row) expect([...ended, 'paused'], `${row.status} ${row.waiting?.for}`).toContain(row.status);
    },
  );
});

import { describe, expect, it, vi } from 'vitest';
import type { JournalStore } from '../resume/store.js';
import { FakeBrowser } from '../test-support/fake-tabs.js';
import { harness, settle, testFile } from '../test-support/harness.js';

/** Two tabs of one browser: one cloud, one journal, a page each. */
async function twoTabs({ file = testFile(95) }: { file?: File } = {}) {
  const updates = { title: { maxLength: 128, unit: 'bytes' } } as const;
  const browser = new FakeBrowser();
  const port = browser.openTab();
  const first = harness({ concurrency: { connections: 1 }, ports: { tabs: port } });
  first.cloud.capabilities = { ...first.cloud.capabilities, updates };
  let isHeld = true;
  const gates: (() => void)[] = [];
  first.cloud.onPut = async ({ partNumber }) => {
    if (isHeld && partNumber > 4) await new Promise<void>((resolve) => gates.push(resolve));
    return 'ok' as const;
  };
  await first.uploader.add([file]);
  await first.clock.advance(1000);
  const openSecond = async () => {
    const { cloud, store, clock } = first;
    const second = harness(
      { concurrency: { connections: 1 }, ports: { tabs: browser.openTab() } },
      { cloud, store, clock },
    );
    await shared();
    return second;
  };
  const goOn = () => {
    isHeld = false;
    for (const open of gates) open();
  };
  /** Longer than what tabs tell each other may wait. */
  const shared = () => first.clock.advance(450);
  const kill = () => {
    port.kill();
    first.uploader.destroy();
  };
  return { browser, port, first, openSecond, goOn, kill, shared };
}

/** The journal is read from a disk: words arrive meanwhile. */
function slowReads(store: JournalStore): void {
  const load = store.load.bind(store);
  vi.spyOn(store, 'load').mockImplementation(async (...where) => {
    await settle();
    return load(...where);
  });
}

describe('two tabs', () => {
  it('sends no message while there is only one tab', async () => {
    const { browser, first, goOn } = await twoTabs();
    goOn();
    await first.until('ready');
    expect(browser.posted.map(({ kind }) => kind)).toEqual(['hello']);
  });

  it('sends only the fields that have changed to the other tab', async () => {
    const { browser, first, openSecond, goOn, shared } = await twoTabs();
    await first.uploader.add([testFile(30), testFile(40)]);
    const second = await openSecond();
    const before = browser.posted.length;
    goOn();
    await first.clock.advance(60_000);
    await shared();
    const told = browser.posted
      .slice(before)
      .filter(({ kind }) => kind === 'state')
      .map(({ uploads }) => uploads?.length ?? 0);
    expect(told.length).toBeGreaterThan(3);
    expect(Math.min(...told)).toBe(1);
    expect(second.uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual([
      'ready',
      'ready',
      'ready',
    ]);
  });

  it('shows in the second tab what the first one uploads, and does not offer it as unfinished', async () => {
    const { first, openSecond, goOn, shared } = await twoTabs();
    const second = await openSecond();
    expect(second.uploader.getSnapshot()).toMatchObject({
      unfinished: [],
      uploads: [{ owner: 'other', status: 'uploading', fileName: 'clip.mp4', sizeBytes: 95 }],
    });
    goOn();
    await first.until('ready');
    await shared();
    expect(second.only()).toMatchObject({
      owner: 'other',
      status: 'ready',
      mediaId: 'media-1',
      receipt: { isVerified: true },
    });
    expect(first.cloud.puts).toHaveLength(10);
    second.uploader.remove(second.only().id);
    await settle();
    expect(second.uploader.getSnapshot().uploads).toEqual([]);
    expect(first.uploader.getSnapshot().uploads).toHaveLength(1);
  });

  it('shows uploads that another tab begins after this one was opened', async () => {
    const { first, openSecond, goOn, shared } = await twoTabs();
    const second = await openSecond();
    goOn();
    await first.uploader.add([testFile(50, { seed: 7, name: 'later.mp4' })]);
    await first.clock.advance(1000);
    await shared();
    expect(second.uploader.getSnapshot().uploads.map(({ fileName, owner }) => [fileName, owner])).toEqual([
      ['clip.mp4', 'other'],
      ['later.mp4', 'other'],
    ]);
  });

  it('shows in the second tab the title that the first one gives', async () => {
    const { first, openSecond, shared } = await twoTabs();
    first.uploader.setDetails(first.only().id, { title: 'Harbor at dawn' });
    const second = await openSecond();
    expect(second.only()).toMatchObject({ owner: 'other', options: { title: 'Harbor at dawn' } });
    first.uploader.setDetails(first.only().id, { title: 'Harbor at dusk' });
    await shared();
    expect(second.only().options).toEqual({ title: 'Harbor at dusk' });
  });

  it('runs in the owner the commands that the person gives in the other tab', async () => {
    const { first, openSecond, shared } = await twoTabs();
    const second = await openSecond();
    second.uploader.pause(second.only().id);
    await shared();
    expect(first.only().status).toBe('paused');
    expect(second.only()).toMatchObject({ status: 'paused', canResume: true });
    second.uploader.cancel(second.only().id);
    await shared();
    expect(first.only()).toMatchObject({ status: 'canceled', cleanup: 'done' });
    expect(second.only().status).toBe('canceled');
    expect(first.cloud.only().told).toEqual(['canceled']);
  });

  describe.each([{ untilLock: true }, { untilLock: false }])(
    'when words come later than locks: %j',
    ({ untilLock }) => {
      it('shows how the upload of the other tab ended', async () => {
        const { browser, first, openSecond, goOn, shared } = await twoTabs();
        const second = await openSecond();
        slowReads(first.store);
        browser.hold({ untilLock });
        goOn();
        await first.until('ready');
        await shared();
        browser.deliver();
        await shared();
        expect(second.only()).toMatchObject({ owner: 'other', status: 'ready', mediaId: 'media-1' });
        expect(first.cloud.only().told).toEqual(['uploaded']);
        expect(first.cloud.puts).toHaveLength(10);
      });

      it('does not take over an upload that was canceled in the other tab', async () => {
        const { browser, first, openSecond, goOn, shared } = await twoTabs();
        const second = await openSecond();
        slowReads(first.store);
        browser.hold({ untilLock });
        first.uploader.cancel(first.only().id);
        goOn();
        await shared();
        browser.deliver();
        await shared();
        expect(second.only()).toMatchObject({ owner: 'other', status: 'canceled', cleanup: 'done' });
        expect(second.uploader.getSnapshot().unfinished).toEqual([]);
        expect(first.cloud.only().told).toEqual(['canceled']);
      });

      it('does not take over an upload that was removed in the other tab', async () => {
        const { browser, first, openSecond, goOn, shared } = await twoTabs();
        const second = await openSecond();
        slowReads(first.store);
        browser.hold({ untilLock });
        first.uploader.remove(first.only().id);
        goOn();
        await shared();
        browser.deliver();
        await shared();
        expect(second.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
        expect(first.cloud.only().told).toEqual(['canceled']);
      });
    },
  );

  describe('a cancel whose tab dies before the endpoint has answered', () => {
    async function canceled(isJournalled: boolean) {
      const { first, openSecond, kill, shared } = await twoTabs();
      const [second, third] = [await openSecond(), await openSecond()];
      let count = 0;
      first.cloud.onCall = (operation) =>
        operation === 'finish' && count++ === 0 ? new Promise<never>(() => {}) : undefined;
      if (!isJournalled) await first.store.delete(first.only().id);
      if (!isJournalled) vi.spyOn(first.store, 'put').mockRejectedValue(new Error('full'));
      first.uploader.cancel(first.only().id);
      await shared();
      for (const tab of [second, third])
        expect(tab.only()).toMatchObject({ status: 'canceled', cleanup: 'pending' });
      kill();
      await first.clock.advance(60_000);
      return [second, third].map((tab) => tab.only());
    }

    it('is carried out by one of the others, and none goes on saying that it is under way', async () => {
      const rows = await canceled(true);
      expect(rows).toMatchObject([{ status: 'canceled' }, { status: 'canceled' }]);
      expect(rows.map(({ cleanup }) => cleanup)).toContain('done');
      expect(rows.map(({ cleanup }) => cleanup)).not.toContain('pending');
      expect(rows.every(({ canRemove }) => canRemove)).toBe(true);
    });

    it('is no longer said to be under way where the journal does not have it', async () => {
      for (const row of await canceled(false))
        expect(row).toMatchObject({ status: 'canceled', cleanup: 'none', canRemove: true });
    });
  });

  it('retries in the owner what the person retries in the other tab', async () => {
    const { first, openSecond, goOn, shared } = await twoTabs();
    const second = await openSecond();
    second.uploader.cancel(second.only().id);
    await shared();
    goOn();
    second.uploader.retry(second.only().id);
    await shared();
    await first.until('ready');
    await shared();
    expect(second.only()).toMatchObject({ owner: 'other', status: 'ready' });
  });

  it('takes over an upload that was retried', async () => {
    const { first, openSecond, goOn, kill, shared } = await twoTabs();
    const second = await openSecond();
    first.uploader.cancel(first.only().id);
    await shared();
    first.uploader.retry(first.only().id);
    await shared();
    expect(second.only()).toMatchObject({ owner: 'other', status: 'uploading' });
    kill();
    goOn();
    await settle();
    await second.until('ready');
    expect(second.only()).toMatchObject({ owner: 'this' });
  });

  it('announces an upload only after it has the lock', async () => {
    const { port, first, openSecond, shared } = await twoTabs();
    const second = await openSecond();
    port.areLocksSlow = true;
    await first.uploader.add([testFile(50, { seed: 7, name: 'later.mp4' })]);
    await first.clock.advance(1000);
    await shared();
    expect(second.uploader.getSnapshot()).toMatchObject({
      unfinished: [],
      uploads: [
        { fileName: 'clip.mp4', owner: 'other' },
        { fileName: 'later.mp4', owner: 'other' },
      ],
    });
    expect(first.uploader.getSnapshot().uploads.map(({ owner }) => owner)).toEqual(['this', 'this']);
  });

  it('takes over with the file when the owner dies, and sends no acknowledged part again', async () => {
    const file = testFile(95);
    const { openSecond, goOn, kill, first } = await twoTabs({ file });
    const second = await openSecond();
    kill();
    goOn();
    await settle();
    await second.until('ready');
    expect(second.only()).toMatchObject({ owner: 'this', isResumed: true });
    expect([1, 2, 3, 4].map((part) => first.cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
    expect(first.cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
    expect(first.cloud.only().told).toEqual(['uploaded']);
  });

  it('asks for the file where that of the closed tab can no longer be read', async () => {
    const file = testFile(95);
    const { openSecond, goOn, kill, first } = await twoTabs({ file });
    const second = await openSecond();
    file.slice = file.arrayBuffer = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    kill();
    goOn();
    await settle();
    expect(second.uploader.getSnapshot()).toMatchObject({
      uploads: [],
      unfinished: [{ fileName: 'clip.mp4', storedBytes: 40 }],
    });
    expect(first.cloud.only().isOpen).toBe(true);
    await second.uploader.add([testFile(95)]);
    await second.until('ready');
    expect(first.cloud.uploads.size).toBe(1);
  });

  it('lets only one of two tabs continue the same unfinished upload', async () => {
    const { openSecond, goOn, kill, first } = await twoTabs();
    kill();
    const second = await openSecond();
    const third = await openSecond();
    expect(second.uploader.getSnapshot().unfinished).toHaveLength(1);
    expect(third.uploader.getSnapshot().unfinished).toHaveLength(1);
    goOn();
    await Promise.all([second.uploader.add([testFile(95)]), third.uploader.add([testFile(95)])]);
    await first.clock.advance(60_000);
    const told = [...first.cloud.uploads.values()].map((upload) => upload.told);
    expect(told.filter((words) => words.includes('uploaded')).length).toBe(told.length);
    expect(
      [1, 2, 3, 4].map(
        (part) =>
          first.cloud.puts.filter((put) => put.ticket === 'ticket-1' && put.partNumber === part).length,
      ),
    ).toEqual([1, 1, 1, 1]);
  });
});

describe('messages between tabs that get lost or doubled', () => {
  it.each(['command', 'done'])(
    'repeats a command until the owner acknowledges it, when each first %s is lost',
    async (kind) => {
      const { browser, first, openSecond, shared } = await twoTabs();
      const second = await openSecond();
      let lost = 0;
      browser.timesOf = (message) => (message.kind === kind && lost++ === 0 ? 0 : 1);
      second.uploader.pause(second.only().id);
      await first.clock.advance(2000);
      expect(first.only().status).toBe('paused');
      browser.timesOf = () => 1;
      second.uploader.resume(second.only().id);
      await first.clock.advance(10_000);
      await shared();
      // A repeated pause must not undo what was asked after it.
      expect(first.only().status).toBe('uploading');
    },
  );

  it('performs a doubled command once', async () => {
    const { browser, first, openSecond } = await twoTabs();
    const second = await openSecond();
    browser.timesOf = ({ kind }) => (kind === 'command' ? 2 : 1);
    const retries: string[] = [];
    second.uploader.cancel(second.only().id);
    await first.clock.advance(1000);
    first.uploader.subscribe(() => retries.push(first.only().status));
    second.uploader.retry(second.only().id);
    await first.clock.advance(1000);
    expect(first.only().status).toBe('uploading');
    expect(first.cloud.starts).toHaveLength(2);
  });

  it('asks a silent owner how its upload is, when the word of a pause is lost', async () => {
    const { browser, first, openSecond } = await twoTabs();
    const second = await openSecond();
    browser.timesOf = ({ kind }) => (kind === 'state' ? 0 : 1);
    first.uploader.pauseAll();
    await first.clock.advance(1000);
    expect(second.only().status).toBe('uploading');
    browser.timesOf = () => 1;
    await first.clock.advance(11_000);
    expect(second.only().status).toBe('paused');
  });

  it('shows how an upload ended, when its last word is lost', async () => {
    const { browser, first, openSecond, goOn } = await twoTabs();
    const second = await openSecond();
    browser.timesOf = ({ kind }) => (kind === 'state' ? 0 : 1);
    goOn();
    await first.until('ready');
    browser.timesOf = () => 1;
    await first.clock.advance(11_000);
    expect(second.only()).toMatchObject({ owner: 'other', status: 'ready' });
  });

  it('learns of the upload of another tab, when its greeting and the answer are lost', async () => {
    const { browser, first, openSecond } = await twoTabs();
    browser.timesOf = () => 0;
    const second = await openSecond();
    expect(second.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    browser.timesOf = () => 1;
    await first.clock.advance(11_000);
    expect(second.only()).toMatchObject({ owner: 'other', status: 'uploading' });
  });

  it('takes away a card that another tab continues, when every word of it is lost', async () => {
    const { browser, first, openSecond, kill } = await twoTabs();
    kill();
    const [second, third] = [await openSecond(), await openSecond()];
    browser.timesOf = () => 0;
    await second.uploader.add([testFile(95)]);
    await first.clock.advance(6000);
    expect(second.only().status).toBe('uploading');
    expect(third.uploader.getSnapshot().unfinished).toEqual([]);
  });
});

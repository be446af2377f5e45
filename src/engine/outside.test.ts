import { afterEach, expect, it, vi } from 'vitest';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, testFile } from './test-support/harness.js';
// Loaded on first use otherwise, which takes real time.
import './first-file.js';
import './restrictions/probe.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const never = () => new Promise<never>(() => {});

it.each(['validate', 'metadata'] as const)(
  'rejects only the file for which the host never answers from %s, and tells the host',
  async (name) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const hang = (file: File) => (file.name === 'b.mp4' ? never() : Promise.resolve(undefined));
    const h = harness({
      restrictions: { accept: [], validate: name === 'validate' ? hang : undefined },
      metadata: name === 'metadata' ? async (file) => (await hang(file)) ?? {} : undefined,
    });
    const adding = h.uploader.add(['a.mp4', 'b.mp4', 'c.mp4'].map((file) => testFile(30, { name: file })));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(h.uploader.getSnapshot().uploads.map(({ fileName }) => fileName)).toEqual(['a.mp4', 'c.mp4']);
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    const { rejections } = await adding;
    expect(rejections).toMatchObject([{ file: { name: 'b.mp4' }, code: 'custom' }]);
    expect(reported).toHaveBeenCalledTimes(1);
  },
);

it.each(['acquire', 'lockedNames'] as const)(
  'works alone where the browser never answers %s of its locks',
  async (name) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const tabs = { ...new FakeBrowser().openTab(), [name]: never };
    const h = harness({ ports: { tabs } });
    const adding = h.uploader.add([testFile(95)]);
    const passes = async (until: () => boolean) => {
      for (let count = 0; count < 100 && !until(); count += 1) {
        await vi.advanceTimersByTimeAsync(1000);
        await h.clock.advance(1000);
      }
    };
    let isAdded = false;
    void adding.then(() => (isAdded = true));
    await passes(() => isAdded);
    await passes(() => h.only().status === 'ready');
    expect(h.only().status).toBe('ready');
  },
);

it('goes on where no message can be posted to other tabs', async () => {
  const port = new FakeBrowser().openTab();
  const fails = () => {
    throw new DOMException('closed', 'InvalidStateError');
  };
  const h = harness({
    ports: { tabs: { ...port, open: () => ({ post: fails, close: fails }) } },
  });
  await h.uploader.add([testFile(95)]);
  await h.until('ready');
  h.uploader.destroy();
});

it('warns the developer once where something that is no token endpoint answers', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const h = harness({ endpoint: '/api/nowhere' });
  h.cloud.onCall = () => new Response('<h1>Not found</h1>', { status: 404 });
  await h.uploader.add([testFile(95)]);
  await h.until('failed');
  expect(warn.mock.calls).toEqual([[expect.stringContaining('/api/nowhere answers 404')]]);
});

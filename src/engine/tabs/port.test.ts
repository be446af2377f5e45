import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeBrowser } from '../test-support/fake-tabs.js';
import { harness, settle, testFile } from '../test-support/harness.js';
// Loaded on first use otherwise, in real time that the fake clock knows nothing of.
import '../first-file.js';
import { browserTabs } from './port.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The Web Locks of one browser, as each of its pages has them. */
function stubLocks(): void {
  const held = new Set<string>();
  const request = async (name: string, ...rest: unknown[]) => {
    const hold = rest.at(-1) as (lock: { name: string } | null) => Promise<void> | undefined;
    if (held.has(name)) return hold(null);
    held.add(name);
    await hold({ name });
    held.delete(name);
  };
  const query = () => Promise.resolve({ held: [...held].map((name) => ({ name })) });
  vi.stubGlobal('navigator', { locks: { request, query } });
}

describe('the tabs of a browser', () => {
  it('have locks where BroadcastChannel is missing', async () => {
    stubLocks();
    vi.stubGlobal('BroadcastChannel', undefined);
    const [a, b] = [browserTabs(), browserTabs()];
    const release = await a?.acquire('one', { wait: false });
    expect(release).toBeTypeOf('function');
    expect(await b?.acquire('one', { wait: false })).toBeUndefined();
    expect(await b?.lockedNames()).toEqual(new Set(['one']));
    release?.();
    await settle();
    expect(await b?.acquire('one', { wait: false })).toBeTypeOf('function');
  });

  it('are alone where locks are missing', () => {
    vi.stubGlobal('navigator', {});
    expect(browserTabs()).toBeUndefined();
  });
});

const fails = () => {
  throw new DOMException('refused', 'SecurityError');
};

/** What a channel does in place of its work. */
const faults = {
  'throws when it is opened': { open: fails },
  'throws at every message': { open: () => ({ post: fails, close: fails }) },
} as const;

describe.each(Object.entries(faults))('two tabs whose channel %s', (_, fault) => {
  function twoTabs() {
    const browser = new FakeBrowser();
    const tab = (kept: Parameters<typeof harness>[1] = {}) => {
      const port = browser.openTab();
      const h = harness({ concurrency: { connections: 1 }, ports: { tabs: { ...port, ...fault } } }, kept);
      return { ...h, port };
    };
    return { browser, tab };
  }

  /** Four parts of ten stored, and the fifth does not come to an end. */
  async function sending() {
    const { browser, tab } = twoTabs();
    const a = tab();
    a.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await a.uploader.add([testFile(95)]);
    await a.clock.advance(1000);
    return { browser, tab, a };
  }

  it('have one owner of each upload', async () => {
    const { tab, a } = await sending();
    const b = tab(a);
    await b.clock.advance(20_000);
    expect(b.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    expect(a.only().status).toBe('uploading');
    expect([a.cloud.uploads.size, a.cloud.only().told]).toEqual([1, []]);
  });

  it('hand an upload on when its tab dies', async () => {
    const { tab, a } = await sending();
    const b = tab(a);
    await b.clock.advance(1000);
    a.port.kill();
    a.uploader.destroy();
    a.cloud.onPut = () => 'ok';
    await b.clock.advance(1000);
    expect(b.uploader.getSnapshot().unfinished).toMatchObject([{ storedBytes: 40 }]);
    await b.uploader.add([testFile(95)]);
    await b.until('ready');
    expect([b.cloud.uploads.size, b.cloud.putsOf(1)]).toEqual([1, 1]);
  });

  it('make one upload of a card that both continue, and offer it no more', async () => {
    const { tab, a } = await sending();
    a.port.kill();
    a.uploader.destroy();
    const [b, c, d] = [tab(a), tab(a), tab(a)];
    await b.clock.advance(1000);
    const [card] = b.uploader.getSnapshot().unfinished;
    await Promise.all(
      [b, c].map(({ uploader }) => uploader.continueUnfinished(card?.id ?? '', testFile(95))),
    );
    await b.clock.advance(20_000);
    expect(a.cloud.uploads.size).toBe(1);
    const rows = [b, c, d].flatMap(({ uploader }) => uploader.getSnapshot().uploads);
    expect(rows).toMatchObject([{ status: 'uploading', owner: 'this' }]);
    expect([b, c, d].flatMap(({ uploader }) => uploader.getSnapshot().unfinished)).toEqual([]);
  });

  it('discard nothing that the other sends', async () => {
    const { tab, a } = await sending();
    a.port.kill();
    a.uploader.destroy();
    const [b, c] = [tab(a), tab(a)];
    await b.clock.advance(1000);
    const id = b.uploader.getSnapshot().unfinished[0]?.id ?? '';
    await b.uploader.continueUnfinished(id, testFile(95));
    c.uploader.discardUnfinished(id);
    await b.clock.advance(1000);
    expect(b.only().status).toBe('uploading');
    expect(a.cloud.only().told).toEqual([]);
  });
});

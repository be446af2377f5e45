import { describe, expect, it, vi } from 'vitest';
import { createProblem } from '../protocol/index.js';
import { harness, testFile, type Harness } from './test-support/harness.js';

const answers = { reach: () => Promise.resolve(true) };

/** Statuses and waits that the one upload goes through. */
function watch(h: Harness): Set<string> {
  const seen = new Set<string>();
  h.uploader.subscribe(() => {
    for (const { status, waiting } of h.uploader.getSnapshot().uploads)
      seen.add(waiting ? `${status} ${waiting.for}` : status);
  });
  return seen;
}

describe('a store that answers without letting the page read its answers', () => {
  it('fails an upload of which it has never acknowledged a byte, and warns the developer once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const h = harness({ ports: answers });
    h.cloud.onPut = () => 'no-reply';
    await h.uploader.add([testFile(95)]);
    const { error } = await h.until('failed', 5 * 60_000);
    expect(error).toMatchObject({ code: 'store-unreachable', isResumable: true });
    expect(error?.detail).toContain('may not read its answers');
    expect(new Set(h.cloud.puts.map(({ partNumber }) => h.cloud.putsOf(partNumber)))).toContain(8);
    expect(Math.max(...h.cloud.puts.map(({ partNumber }) => h.cloud.putsOf(partNumber)))).toBe(8);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('https://store.test');
    warn.mockRestore();
  });

  it('begins from nothing at the second retry of an upload of which it has no byte', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const h = harness({ ports: answers });
    h.cloud.onPut = ({ ticket }) => (ticket === 'ticket-1' ? 'no-reply' : 'ok');
    await h.uploader.add([testFile(95)]);
    expect((await h.until('failed', 5 * 60_000)).error?.isResumable).toBe(true);
    h.uploader.retry(h.only().id);
    await h.clock.advance(1000);
    expect((await h.until('failed', 5 * 60_000)).error?.isResumable).toBe(false);
    await h.clock.advance(1000);
    h.uploader.retry(h.only().id);
    await h.until('ready');
    expect([...h.cloud.uploads.values()].map(({ told }) => told)).toEqual([['failed'], ['uploaded']]);
    vi.restoreAllMocks();
  });

  it('is waited for as a store in trouble, not as a network, where it has acknowledged parts before', async () => {
    const h = harness({ ports: answers, concurrency: { connections: 1 } });
    const seen = watch(h);
    let isOut = false;
    h.cloud.onPut = ({ partNumber }) => {
      if (partNumber === 5 && h.cloud.putsOf(5) === 1) isOut = true;
      return isOut ? 'no-reply' : 'ok';
    };
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(5 * 60_000);
    expect(h.only()).toMatchObject({ status: 'uploading', waiting: { for: 'cloud' } });
    isOut = false;
    await h.until('ready');
    expect(seen).not.toContain('failed');
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('lets the person decide after minutes: the first retry goes on, the second begins from nothing', async () => {
    const h = harness({ ports: answers, concurrency: { connections: 1 } });
    h.cloud.onPut = ({ ticket, partNumber }) =>
      ticket === 'ticket-1' && partNumber >= 5 ? 'no-reply' : 'ok';
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(9.5 * 60_000);
    expect(h.only().status).toBe('uploading');
    expect((await h.until('failed', 2 * 60_000)).error?.isResumable).toBe(true);
    h.uploader.retry(h.only().id);
    await h.clock.advance(1000);
    expect(h.only().status).toBe('uploading');
    expect((await h.until('failed', 30 * 60_000)).error?.isResumable).toBe(false);
    await h.clock.advance(1000);
    h.uploader.retry(h.only().id);
    await h.until('ready');
    expect([...h.cloud.uploads.values()].map(({ told }) => told)).toEqual([['failed'], ['uploaded']]);
  });

  it.each(['a lost answer', 'a network that drops everything'])(
    'leaves it to the end whether a single PUT has arrived after %s',
    async (what) => {
      const h = harness({ ports: answers, cloud: { singleMaxBytes: 1000 } });
      const seen = watch(h);
      let attempts = 0;
      h.cloud.onPut = () => {
        attempts += 1;
        if (what === 'a lost answer') return attempts === 1 ? 'lost-reply' : 'no-reply';
        return attempts <= 6 ? 'no-reply' : 'ok';
      };
      await h.uploader.add([testFile(95)]);
      const { sentBytes, receipt } = await h.until('ready', 5 * 60_000);
      expect(sentBytes).toBe(95);
      expect(receipt).toBeDefined();
      expect(seen).not.toContain('failed');
      expect(h.cloud.uploads.size).toBe(1);
    },
  );
});

it('a single PUT that the cloud says it has is completed, also soon after that was assumed in vain', async () => {
  const h = harness({ ports: answers, cloud: { singleMaxBytes: 1000 } });
  const seen = watch(h);
  let attempts = 0;
  h.cloud.onPut = () => {
    attempts += 1;
    return attempts === 5 ? 'lost-reply' : 'no-reply';
  };
  h.cloud.onCall = (operation) =>
    operation === 'sign' && attempts >= 6
      ? Response.json(createProblem('media-state-conflict'), { status: 409 })
      : undefined;
  await h.uploader.add([testFile(95)]);
  await h.until('ready', 5 * 60_000);
  expect(attempts).toBe(6);
  expect(seen).not.toContain('failed');
  expect(h.cloud.uploads.size).toBe(1);
});

describe('a cancel while the answer to the start is lost', () => {
  it('discards what the lost start has created, once the endpoint answers again', async () => {
    const h = harness({ cloud: { remembersStarts: true } });
    let calls = 0;
    h.cloud.onCall = () => (++calls === 1 ? 'lost-reply' : calls < 6 ? 'no-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(100);
    h.uploader.cancel(h.only().id);
    expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'pending' });
    await h.clock.advance(120_000);
    expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'done' });
    expect(h.cloud.only().told).toEqual(['canceled']);
  });
});

describe('a page that ends before the answer to the start', () => {
  it('discards what the start has created, on the next visit', async () => {
    const h = harness({ cloud: { remembersStarts: true } });
    h.cloud.onCall = () => 'lost-reply';
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(100);
    expect(h.cloud.uploads.size).toBe(1);
    const next = h.reload();
    h.cloud.onCall = () => undefined;
    await h.clock.advance(120_000);
    expect(h.cloud.only().told).toEqual(['canceled']);
    expect(next.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    expect(await next.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('asks for nothing after an hour, because the endpoint has forgotten the start', async () => {
    const h = harness({ cloud: { remembersStarts: true } });
    h.cloud.onCall = () => 'lost-reply';
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(100);
    h.uploader.destroy();
    await h.clock.advance(61 * 60_000);
    const starts = h.cloud.starts.length;
    const next = h.reload();
    h.cloud.onCall = () => undefined;
    await h.clock.advance(120_000);
    expect(h.cloud.starts).toHaveLength(starts);
    expect(await next.store.load('/api/uploads', 'fake')).toEqual([]);
  });
});

describe('a start that is refused', () => {
  it('leaves nothing in the journal', async () => {
    const h = harness();
    h.cloud.onCall = () => Response.json(createProblem('forbidden'), { status: 403 });
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    await h.clock.advance(100);
    expect(await h.store.load('/api/uploads', 'fake')).toEqual([]);
  });
});

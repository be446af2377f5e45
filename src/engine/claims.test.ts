import { describe, expect, it } from 'vitest';
import { createProblem } from '../protocol/index.js';
import { FakeBrowser } from './test-support/fake-tabs.js';
import { harness, settle, testFile, type Harness } from './test-support/harness.js';

const conflict = () => Response.json(createProblem('media-state-conflict'), { status: 409 });

describe('isVerified', () => {
  /** As an endpoint that cannot list the parts: it tells nothing of the object. */
  function untellingFetch(h: Harness): typeof fetch {
    return async (input, init) => {
      const response = await h.cloud.fetch(input, init);
      const { results } = (await response.json()) as { results: { outcome: string }[] };
      return Response.json({
        results: results.map((result) =>
          result.outcome === 'confirmed' ? { outcome: 'confirmed', object: {} } : result,
        ),
      });
    };
  }

  it.each([
    { name: 'the ETag of every part agrees', cloud: {}, isVerified: true },
    { name: 'ETags are hidden and no list tells', cloud: { hidesETag: true }, isVerified: false },
    { name: 'ETags are no MD5s', cloud: { eTag: 'opaque' as const }, isVerified: false },
  ])('is $isVerified where $name', async ({ cloud, isVerified }) => {
    const h = harness({ cloud });
    const page = harness({ ports: { fetch: untellingFetch(h) } }, h);
    await page.uploader.add([testFile(95)]);
    expect((await page.until('ready')).receipt?.isVerified).toBe(isVerified);
  });

  it('is true where every request signed the digest of its part', async () => {
    const h = harness({ cloud: { hidesETag: true } });
    const { put } = h.cloud.workers;
    const fetch = untellingFetch(h);
    const page = harness(
      {
        ports: {
          fetch: async (input, init) => {
            const json = (await (await fetch(input, init)).json()) as {
              results: { requests?: { headers: object }[] }[];
            };
            for (const { requests = [] } of json.results)
              for (const request of requests) request.headers = { 'Content-MD5': 'of this part' };
            return Response.json(json);
          },
          workers: { ...h.cloud.workers, put },
        },
      },
      h,
    );
    await page.uploader.add([testFile(95)]);
    expect((await page.until('ready')).receipt?.isVerified).toBe(true);
  });

  it('is true where the endpoint compared the list of the store', async () => {
    const h = harness({ cloud: { hidesETag: true } });
    const page = harness(
      {
        ports: {
          fetch: async (input, init) => {
            const text = await (await untellingFetch(h)(input, init)).text();
            return new Response(text.replace('"object":{}', '"object":{"proof":"compared"}'));
          },
        },
      },
      h,
    );
    await page.uploader.add([testFile(95)]);
    expect((await page.until('ready')).receipt?.isVerified).toBe(true);
  });

  it.each([true, false])('after a reload counts what was proven before it (%s)', async (isProven) => {
    const first = harness({
      concurrency: { connections: 1 },
      cloud: { hidesETag: !isProven, isListless: true },
    });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    first.cloud.onPut = () => 'ok';
    first.cloud.options.hidesETag = false;
    const second = first.reload({ ports: { fetch: untellingFetch(first) } });
    await settle();
    await second.uploader.add([testFile(95)]);
    expect((await second.until('ready')).receipt?.isVerified).toBe(isProven);
  });
});

describe('an object that is not what was sent', () => {
  it('is sent anew by the first retry', async () => {
    const h = harness();
    let isFirst = true;
    const page = harness(
      {
        ports: {
          fetch: async (input, init) => {
            const response = await h.cloud.fetch(input, init);
            if (!(input as string).endsWith('/finish') || !isFirst) return response;
            isFirst = false;
            return Response.json({
              results: [{ outcome: 'confirmed', object: { eTag: `${'0'.repeat(32)}-10` } }],
            });
          },
        },
      },
      h,
    );
    await page.uploader.add([testFile(95)]);
    const failed = await page.until('failed');
    expect(failed.error).toMatchObject({ code: 'parts-differ', isResumable: false });
    page.uploader.retry(failed.id);
    await page.until('ready');
    expect(page.cloud.uploads.size).toBe(2);
  });
});

/** How the person, or the page, gives up an upload. */
const ways = {
  'a cancel': ({ uploader, only }: Harness) => uploader.cancel(only().id),
  'a removal': ({ uploader, only }: Harness) => uploader.remove(only().id),
  'a cancel of all': ({ uploader }: Harness) => uploader.cancelAll(),
};

describe.each(Object.entries(ways))('%s while the confirmation is under way', (way, giveUp) => {
  /** An upload whose finish call is held: `answer` lets it through, or not. */
  async function confirming() {
    const h = harness();
    let answer: (outcome: 'ok' | 'no-reply' | 'lost-reply') => void = () => {};
    let isFirst = true;
    h.cloud.onCall = (operation) => {
      if (operation !== 'finish' || !isFirst) return undefined;
      isFirst = false;
      return new Promise((resolve) => {
        answer = (outcome) => resolve(outcome === 'ok' ? undefined : outcome);
      });
    };
    await h.uploader.add([testFile(95)]);
    await h.until('confirming');
    await settle();
    return { h, answer: (outcome: 'ok' | 'no-reply' | 'lost-reply') => answer(outcome) };
  }

  it.each(['ok', 'lost-reply'] as const)('is too late when it goes through (%s)', async (outcome) => {
    const { h, answer } = await confirming();
    h.cloud.mediaStatus = 'processing';
    giveUp(h);
    await h.clock.advance(1000);
    answer(outcome);
    await h.until('processing');
    expect(h.only()).toMatchObject({ isTooLateToCancel: true, canCancel: false, cleanup: 'none' });
    expect(h.only().receipt?.isVerified).toBe(outcome === 'ok' || h.only().receipt?.isVerified);
    expect(h.cloud.only().told).toEqual(['uploaded']);
    expect((await h.store.load('/api/uploads', 'fake')).map(({ phase }) => phase)).toEqual(['processing']);
    h.cloud.mediaStatus = 'ready';
    expect(await h.until('ready')).toMatchObject({ isTooLateToCancel: true });
    await settle();
    expect(await h.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('is carried out when it does not go through', async () => {
    const { h, answer } = await confirming();
    giveUp(h);
    answer('no-reply');
    await h.clock.advance(10_000);
    const rows = h.uploader.getSnapshot().uploads;
    expect(rows.map(({ status, cleanup }) => [status, cleanup])).toEqual(
      way === 'a removal' ? [] : [['canceled', 'done']],
    );
    expect(h.cloud.only()).toMatchObject({ told: ['canceled'], isOpen: false });
    expect(h.cloud.only().object).toBeUndefined();
    expect(await h.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it.each(['ok', 'no-reply'] as const)('has one end after the tab was closed (%s)', async (outcome) => {
    const { h, answer } = await confirming();
    giveUp(h);
    await h.clock.advance(1000);
    h.uploader.destroy();
    // The call that was sent reaches the cloud although the page is gone; nothing is heard of it.
    h.cloud.onCall = () => 'no-reply';
    answer(outcome === 'ok' ? 'lost-reply' : 'no-reply');
    await h.clock.advance(1000);
    h.cloud.onCall = () => undefined;
    const next = h.reload();
    await next.clock.advance(60_000);
    const { uploads, unfinished } = next.uploader.getSnapshot();
    expect(unfinished).toEqual([]);
    if (outcome === 'ok') {
      expect(uploads).toMatchObject([{ status: 'ready', isTooLateToCancel: true }]);
      expect(h.cloud.only().told).toEqual(['uploaded']);
    } else {
      expect(uploads).toEqual([]);
      expect(h.cloud.only().told).toEqual(['canceled']);
    }
    expect(await next.store.load('/api/uploads', 'fake')).toEqual([]);
  });
});

describe('a failed upload whose completion may have gone through', () => {
  async function failedConfirming() {
    const h = harness({ retry: { patienceMs: 1000 } });
    h.cloud.onCall = (operation) => (operation === 'finish' ? 'lost-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    h.cloud.onCall = () => undefined;
    return h;
  }

  it.each(['cancel', 'remove'] as const)('is said to be stored after a %s', async (way) => {
    const h = await failedConfirming();
    h.uploader[way](h.only().id);
    await h.until('ready');
    expect(h.only()).toMatchObject({ isTooLateToCancel: true });
    expect(h.cloud.only().told).toEqual(['uploaded']);
  });
});

it('a cancel in another tab while the confirmation is under way shows the same end in both', async () => {
  const browser = new FakeBrowser();
  const first = harness({ ports: { tabs: browser.openTab() } });
  let answer = () => {};
  first.cloud.onCall = (operation) =>
    operation === 'finish' ? new Promise((resolve) => (answer = () => resolve(undefined))) : undefined;
  await first.uploader.add([testFile(95)]);
  await first.until('confirming');
  const second = harness({ ports: { tabs: browser.openTab() } }, first);
  await first.clock.advance(1000);
  second.uploader.cancel(second.only().id);
  await first.clock.advance(1000);
  first.cloud.onCall = () => undefined;
  answer();
  await first.until('ready');
  await first.clock.advance(1000);
  for (const tab of [first, second])
    expect(tab.only()).toMatchObject({ status: 'ready', isTooLateToCancel: true, canCancel: false });
});

it('a cancel that the cloud refuses although nothing can have been completed is not called too late', async () => {
  const h = harness();
  h.cloud.onPut = () => new Promise<never>(() => {});
  await h.uploader.add([testFile(95)]);
  await h.until('uploading');
  h.cloud.onCall = conflict;
  h.uploader.cancel(h.only().id);
  await h.clock.advance(1000);
  expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'failed', isTooLateToCancel: false });
});

it('a cancel is too late where every byte is stored and the store does not take the file back', async () => {
  // The session of the person ends before the confirmation, so that no call can have gone through.
  const h = harness({ cloud: { singleMaxBytes: 100 }, onUnauthorized: () => new Promise<void>(() => {}) });
  h.cloud.onCall = (operation) =>
    operation === 'finish' ? Response.json(createProblem('unauthorized'), { status: 401 }) : undefined;
  await h.uploader.add([testFile(95)]);
  await h.until('confirming');
  let refusals = 0;
  h.cloud.onCall = (operation) => (operation === 'finish' && refusals++ === 0 ? conflict() : undefined);
  h.uploader.cancel(h.only().id);
  await h.until('ready');
  expect(h.only()).toMatchObject({ isTooLateToCancel: true, canCancel: false });
  expect(h.cloud.only().told).toEqual(['uploaded']);
});

it('a discard after the completion has gone through shows and tells the end, also where the journal lacks a part', async () => {
  const h = harness();
  h.store.putPart = () => Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError'));
  h.cloud.onCall = (operation) => (operation === 'finish' ? 'lost-reply' : undefined);
  await h.uploader.add([testFile(95)]);
  await h.until('confirming');
  await h.clock.advance(1000);
  h.uploader.destroy();
  h.cloud.onCall = () => undefined;
  const next = h.reload();
  const told: string[] = [];
  next.uploader.onEvent(({ type, upload }) => told.push(`${type} ${upload.fileName}`));
  await next.clock.advance(1000);
  const [card] = next.uploader.getSnapshot().unfinished;
  next.uploader.discardUnfinished(card?.id ?? '');
  await next.until('ready');
  expect(next.only()).toMatchObject({ isTooLateToCancel: true, canCancel: false });
  expect(told).toEqual(['confirmed clip.mp4', 'ready clip.mp4']);
  expect(h.cloud.only().told).toEqual(['uploaded']);
});

describe('a file that is added again while its earlier upload is complete, and the page never heard it', () => {
  async function earlierVisit() {
    const h = harness();
    h.cloud.onCall = (operation) => (operation === 'finish' ? 'lost-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.until('confirming');
    await h.clock.advance(1000);
    h.uploader.destroy();
    // The journal was written when the parts were stored, and no later.
    for (const entry of await h.store.load('/api/uploads', 'fake'))
      await h.store.put({ ...entry, phase: 'uploading' });
    h.cloud.onCall = () => undefined;
    return h;
  }

  it('is confirmed as that upload, and stored once', async () => {
    const h = await earlierVisit();
    const next = h.reload();
    await next.uploader.add([testFile(95)]);
    await next.until('ready');
    expect(h.cloud.uploads.size).toBe(1);
    expect(h.cloud.only().told).toEqual(['uploaded']);
    expect(await h.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('is confirmed also where a page that ended had not written down what it stored', async () => {
    const h = harness({ concurrency: { connections: 1 } });
    h.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(1000);
    h.uploader.destroy();
    const [entry] = await h.store.load('/api/uploads', 'fake');
    await h.store.deletePart(entry?.id ?? '', 3);
    h.cloud.onPut = () => 'ok';
    h.cloud.onCall = (operation) => (operation === 'finish' ? 'lost-reply' : undefined);
    const second = h.reload();
    await second.uploader.add([testFile(95)]);
    await second.until('confirming');
    await second.clock.advance(1000);
    second.uploader.destroy();
    h.cloud.onCall = () => undefined;
    const third = second.reload();
    await third.uploader.add([testFile(95)]);
    await third.until('ready');
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('is an upload of its own where the journal lacks a part, as nothing shows then that it is the same', async () => {
    const h = await earlierVisit();
    const [entry] = await h.store.load('/api/uploads', 'fake');
    await h.store.deletePart(entry?.id ?? '', 3);
    const next = h.reload();
    await next.uploader.add([testFile(95)]);
    await next.until('ready');
    expect(h.cloud.uploads.size).toBe(2);
    expect(await h.store.load('/api/uploads', 'fake')).toEqual([]);
  });
});

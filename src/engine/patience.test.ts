import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProblem } from '../protocol/index.js';
import { harness, settle, testFile, type Harness } from './test-support/harness.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const html = (status: number) => () =>
  new Response('<html>', { status, headers: { 'content-type': 'text/html' } });
const problem = (code: Parameters<typeof createProblem>[0]) => () => {
  const body = createProblem(code);
  return Response.json(body, { status: body.status });
};

/** What an endpoint that is restarting, or a proxy in front of it, answers. */
const endpointFaults = {
  silence: () => 'no-reply' as const,
  'a gateway error': html(502),
  'a missing route': html(404),
  'a page of maintenance': html(200),
  'a busy gateway': html(429),
  'a broken database': problem('internal'),
  'a cloud that is out of order': problem('vendor-unavailable'),
  'a cloud that answers with a page': problem('vendor-invalid-reply'),
  'a cloud that throttles': problem('vendor-throttled'),
};
const storeFaults = {
  silence: 'no-reply' as const,
  'an internal error': { status: 500, errorCode: 'InternalError' },
  'a gateway error': { status: 502 },
  'a store that is out of order': { status: 503, errorCode: 'ServiceUnavailable' },
  'a store that throttles': { status: 503, errorCode: 'SlowDown' },
};
const outageMs = 10 * 60_000;

/** Fails as soon as any row has failed. */
function neverFails({ uploader }: Harness): void {
  uploader.subscribe(() => {
    for (const { status, error, fileName } of uploader.getSnapshot().uploads)
      if (status === 'failed') throw new Error(`${fileName} failed: ${error?.message}`);
  });
}

describe('an outage of ten minutes', () => {
  describe.each(Object.entries(endpointFaults))('of the endpoint (%s)', (_fault, answer) => {
    it.each(['sign', 'finish'])('during %s does not end a running upload', async (operation) => {
      const h = harness({ cloud: { expiresInMs: 1000 } });
      neverFails(h);
      let isDown = true;
      h.cloud.onCall = (called) => (called === operation && isDown ? answer() : undefined);
      await h.uploader.add([testFile(95)]);
      await h.clock.advance(outageMs);
      expect(h.only().waiting).toBeDefined();
      isDown = false;
      await h.until('ready');
      expect(h.cloud.uploads.size).toBe(1);
    });

    it('before the start does not end an upload, once the endpoint was heard', async () => {
      const h = harness();
      await h.uploader.add([testFile(30, { name: 'first.mp4' })]);
      await h.until('ready');
      neverFails(h);
      h.uploader.remove(h.only().id);
      let isDown = true;
      h.cloud.onCall = () => (isDown ? answer() : undefined);
      await h.uploader.add([testFile(95)]);
      await h.clock.advance(outageMs);
      expect(h.only()).toMatchObject({ status: 'preparing', waiting: expect.anything() as unknown });
      isDown = false;
      await h.until('ready');
    });

    it('after a cancel does not end the cleaning up', async () => {
      const h = harness();
      h.cloud.onPut = () => new Promise<never>(() => {});
      await h.uploader.add([testFile(95)]);
      await h.until('uploading');
      let isDown = true;
      h.cloud.onCall = () => (isDown ? answer() : undefined);
      h.uploader.cancel(h.only().id);
      await h.clock.advance(outageMs);
      expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'pending', canRetry: false });
      expect((await h.store.load('/api/uploads', 'fake')).map(({ phase }) => phase)).toEqual(['discarding']);
      isDown = false;
      await h.clock.advance(60_000);
      expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'done' });
      expect(h.cloud.only().told).toEqual(['canceled']);
    });

    it('while the cloud processes does not end the polling', async () => {
      const h = harness();
      neverFails(h);
      h.cloud.mediaStatus = 'processing';
      await h.uploader.add([testFile(95)]);
      await h.until('processing');
      let isDown = true;
      h.cloud.onCall = () => (isDown ? answer() : undefined);
      await h.clock.advance(outageMs);
      isDown = false;
      h.cloud.mediaStatus = 'ready';
      await h.until('ready');
    });

    it('after a reload does not cost what is stored', async () => {
      const first = harness({ concurrency: { connections: 1 } });
      first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
      await first.uploader.add([testFile(95)]);
      await first.clock.advance(1000);
      first.cloud.onPut = () => 'ok';
      const h = first.reload({ abandonAfterMs: Infinity });
      neverFails(h);
      await settle();
      let isDown = true;
      h.cloud.onCall = () => (isDown ? answer() : undefined);
      await h.uploader.add([testFile(95)]);
      await h.clock.advance(outageMs);
      expect(h.only()).toMatchObject({ status: 'preparing', waiting: expect.anything() as unknown });
      isDown = false;
      await h.until('ready');
      expect([1, 2, 3, 4].map((part) => h.cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
    });
  });

  describe.each(Object.entries(storeFaults))('of the store (%s)', (_fault, reply) => {
    it.each([1, 5])('at part %d does not end a running upload', async (from) => {
      const h = harness({ concurrency: { connections: 1 } });
      neverFails(h);
      let isDown = true;
      h.cloud.onPut = ({ partNumber }) => (isDown && partNumber >= from ? reply : 'ok');
      await h.uploader.add([testFile(95)]);
      await h.clock.advance(outageMs);
      expect(h.only()).toMatchObject({ status: 'uploading', waiting: expect.anything() as unknown });
      isDown = false;
      await h.until('ready');
      expect(h.cloud.uploads.size).toBe(1);
    });
  });
});

describe('the patience of an upload', () => {
  it('outlasts a night without endpoint and store', async () => {
    const h = harness();
    neverFails(h);
    let isDown = false;
    h.cloud.onPut = ({ partNumber }) => {
      isDown ||= partNumber === 5 && h.clock.elapsed() < 1000;
      return isDown ? 'no-reply' : 'ok';
    };
    h.cloud.onCall = () => (isDown ? 'no-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(8 * 3_600_000);
    isDown = false;
    await h.until('ready');
    expect(h.cloud.uploads.size).toBe(1);
  });

  it('is bounded by the option, and the upload fails resumable after it', async () => {
    const h = harness({ retry: { patienceMs: 20_000 } });
    h.cloud.onCall = (operation) => (operation === 'sign' ? 'no-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(19_000);
    expect(h.only().status).toBe('uploading');
    expect((await h.until('failed', 60_000)).error).toMatchObject({
      code: 'endpoint-unreachable',
      isResumable: true,
    });
  });

  it('does not count the time offline', async () => {
    const h = harness({ retry: { patienceMs: 20_000 } });
    neverFails(h);
    h.cloud.onPut = ({ partNumber }) => {
      if (partNumber === 5) h.network.set(false);
      return h.network.isOnline() ? 'ok' : 'no-reply';
    };
    h.cloud.onCall = () => (h.network.isOnline() ? undefined : 'no-reply');
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(10 * 60_000);
    h.cloud.onPut = () => 'ok';
    h.network.set(true);
    await h.until('ready');
  });

  it('is woken when the browser comes online, whatever the delay was', async () => {
    const h = harness();
    let isDown = true;
    h.cloud.onCall = () => (isDown ? 'no-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(3_600_000);
    isDown = false;
    h.network.set(false);
    h.network.set(true);
    await h.clock.advance(1);
    expect(h.only().status).not.toBe('preparing');
  });

  it('keeps a failed upload that would go on by itself trying again when the browser comes online', async () => {
    const h = harness({ retry: { patienceMs: 1000 } });
    let isDown = true;
    h.cloud.onCall = () => (isDown ? 'no-reply' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    isDown = false;
    h.network.set(false);
    h.network.set(true);
    await h.until('ready');
  });

  it('leaves a failed upload that a person has to decide about alone when the browser comes online', async () => {
    const h = harness();
    h.cloud.onCall = problem('forbidden');
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    h.cloud.onCall = () => undefined;
    h.network.set(false);
    h.network.set(true);
    await h.clock.advance(60_000);
    expect(h.only().status).toBe('failed');
  });

  it('counts headers that the host cannot give just now as silence, and tells the host once', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    let isDown = true;
    const h = harness({
      headers: () => (isDown ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve({})),
    });
    neverFails(h);
    await h.uploader.add([testFile(95)]);
    await h.clock.advance(3_600_000);
    isDown = false;
    await h.until('ready');
    expect(report).toHaveBeenCalledTimes(1);
  });
});

it('retries every failed upload with one call, and no other', async () => {
  const h = harness({ retry: { patienceMs: 0 } });
  h.cloud.onCall = problem('forbidden');
  await h.uploader.add([testFile(30), testFile(40, { seed: 2 }), testFile(50, { seed: 3 })]);
  await h.clock.advance(1000);
  const [, second] = h.uploader.getSnapshot().uploads;
  h.uploader.remove(second?.id ?? '');
  h.cloud.onCall = () => undefined;
  h.uploader.retryAll();
  await h.clock.advance(60_000);
  expect(h.uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['ready', 'ready']);
});

describe('a retry after a cleaning up that was refused', () => {
  it('leaves the record of what is still to be discarded, for the next visit', async () => {
    const h = harness();
    h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.add([testFile(95)]);
    await h.until('uploading');
    h.cloud.onCall = problem('forbidden');
    h.uploader.cancel(h.only().id);
    await h.clock.advance(1000);
    expect(h.only()).toMatchObject({ status: 'canceled', cleanup: 'failed' });
    h.cloud.onCall = () => undefined;
    h.cloud.onPut = () => 'ok';
    h.uploader.retry(h.only().id);
    await h.until('ready');
    expect(h.cloud.uploads.get('ticket-1')?.told).toEqual([]);
    const next = h.reload();
    await next.clock.advance(1000);
    expect(h.cloud.uploads.get('ticket-1')?.told).toEqual(['canceled']);
    expect(h.cloud.uploads.get('ticket-2')?.told).toEqual(['uploaded']);
    expect(await next.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('is discarded on a later visit although the person is signed out on the next', async () => {
    const h = harness();
    h.cloud.onPut = () => new Promise<never>(() => {});
    await h.uploader.add([testFile(95)]);
    await h.until('uploading');
    h.cloud.onCall = problem('unauthorized');
    h.uploader.cancel(h.only().id);
    await h.clock.advance(1000);
    const second = h.reload();
    await second.clock.advance(1000);
    second.cloud.onCall = () => undefined;
    const third = second.reload();
    await third.clock.advance(1000);
    expect(third.cloud.only().told).toEqual(['canceled']);
  });
});

describe('a store whose refusals look like silence', () => {
  it('is found out to have forgotten the upload, which begins anew', async () => {
    const h = harness({ concurrency: { connections: 1 } });
    neverFails(h);
    h.cloud.onPut = ({ ticket, partNumber }) => {
      const upload = h.cloud.uploads.get(ticket);
      if (ticket === 'ticket-1' && partNumber === 5 && upload) upload.isOpen = false;
      return upload?.isOpen ? 'ok' : 'no-reply';
    };
    await h.uploader.add([testFile(95)]);
    await h.until('ready', 120_000);
    expect(h.cloud.uploads.size).toBe(2);
  });

  it('is asked about at most every ten seconds, however many parts are silent', async () => {
    const h = harness();
    h.cloud.onPut = () => 'no-reply';
    await h.uploader.add([testFile(950)]);
    await h.clock.advance(60_000);
    expect(h.cloud.calls.filter(({ operation }) => operation === 'list').length).toBeLessThanOrEqual(6);
  });
});

describe('calls to the endpoint', () => {
  it('carry the credentials that the host asks for', async () => {
    for (const credentials of [undefined, 'include'] as const) {
      const h = harness({ credentials });
      const fetch = vi.spyOn(h.cloud, 'fetch');
      const page = harness({ credentials, ports: { fetch: h.cloud.fetch } }, h);
      await page.uploader.add([testFile(30)]);
      await page.until('ready');
      const sent = new Set(fetch.mock.calls.map(([, init]) => init?.credentials));
      expect(sent).toEqual(new Set([credentials ?? 'same-origin']));
    }
  });

  it('wait for the sign-in when a sign-in page takes the place of the answer', async () => {
    const onUnauthorized = vi.fn();
    const h = harness({
      onUnauthorized,
      isSignInPage: (response) => response.headers.get('x-page') === 'sign-in',
    });
    let isSignedIn = false;
    h.cloud.onCall = () =>
      isSignedIn ? undefined : new Response('<form>', { status: 200, headers: { 'x-page': 'sign-in' } });
    await h.uploader.add([testFile(30)]);
    await h.clock.advance(1000);
    expect(h.only()).toMatchObject({ status: 'preparing', waiting: { for: 'sign-in' } });
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
    isSignedIn = true;
    h.uploader.notifySignedIn();
    await h.until('ready');
  });

  it('go on when the test for a sign-in page throws, and the error is reported to the host', async () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const h = harness({
      isSignInPage: () => {
        throw new Error('host');
      },
    });
    await h.uploader.add([testFile(30)]);
    await h.until('ready');
    expect(reported).toHaveBeenCalled();
    vi.unstubAllGlobals();
  });
});

it('takes no file after it was destroyed', async () => {
  const h = harness();
  h.uploader.destroy();
  await expect(h.uploader.add([testFile(95)])).resolves.toEqual({ added: [], rejections: [] });
  await h.clock.advance(10_000);
  expect(h.cloud.uploads.size).toBe(0);
});

describe('a start that was begun unheard', () => {
  it('is asked for in the same words by a retry, whatever is known of the service meanwhile', async () => {
    const h = harness({ ports: { fetch: (input, init) => fetch(input, init) } });
    h.cloud.capabilities = {
      ...h.cloud.capabilities,
      signsAtStart: true,
      parts: { minSizeBytes: 10, maxSizeBytes: 1000, maxCount: 1000 },
    };
    let isDescribed = false;
    const fetch: typeof globalThis.fetch = (input, init) =>
      !isDescribed && (input as string).endsWith('/describe')
        ? Promise.reject(new TypeError('Failed to fetch'))
        : h.cloud.fetch(input, init);
    h.cloud.onCall = (operation) => (operation === 'start' ? 'lost-html' : undefined);
    await h.uploader.add([testFile(95)]);
    await h.until('failed');
    isDescribed = true;
    h.cloud.onCall = () => undefined;
    await h.uploader.add([testFile(5, { seed: 2 })]);
    await h.clock.advance(60_000);
    h.uploader.retryAll();
    await h.clock.advance(60_000);
    expect(h.uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['ready', 'ready']);
    const [first, ...repeats] = h.cloud.starts.filter(({ sizeBytes }) => sizeBytes === 95);
    expect(repeats.length).toBeGreaterThan(1);
    for (const repeat of repeats) expect(repeat).toEqual(first);
  });
});

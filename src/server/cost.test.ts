import { afterEach, describe, expect, it, vi } from 'vitest';
import { EndpointError } from './errors.js';
import type { Counter } from './limits.js';
import { memoryStore } from './memory.js';
import { openEndpoint, parts, upload } from './test-support/fake-endpoint.js';

afterEach(() => {
  vi.useRealTimers();
});

const uploadsOf = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ ...upload, clientId: `c${i}`, ...fields }));

describe('the cost of one call', () => {
  it('is bounded in parts, attachments, uploads and bytes', async () => {
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    const many = Array.from({ length: 100 }, (_, i) => ({ partNumber: i + 1, sizeBytes: 5 }));
    const cover = { attachmentId: 'a', kind: 'cover', fileName: 'a.jpg', sizeBytes: 9, contentType: '' };
    const attachments = Array.from({ length: 17 }, (_, i) => ({ ...cover, attachmentId: `a${i}` }));
    const items = (count: number, more: object) => ({
      items: Array(count).fill({ ticket, ...more }) as unknown,
    });
    expect((await call('sign', items(3, { parts: many }))).codes).toEqual(['invalid-request']);
    expect((await call('attach', items(12, { attachments }))).codes).toEqual(['invalid-request']);
    const uploads = uploadsOf(100, { attachments: [cover, { ...cover, attachmentId: 'b' }] });
    expect((await call('start', { provider: 'fake', uploads })).codes).toEqual(['invalid-request']);
    expect((await call('describe', { providers: Array(9).fill('fake') })).codes).toEqual(['invalid-request']);
    expect((await call('list', { items: [{ ticket }], more: 'x'.repeat(3_000_000) })).codes).toEqual([
      'payload-too-large',
    ]);
    expect(provider.sign).not.toHaveBeenCalled();
    expect(provider.attach).not.toHaveBeenCalled();
    expect(provider.start).toHaveBeenCalledTimes(1);
  });

  it('is bounded in attachments over the life of an upload, whichever ticket is used', async () => {
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    const cover = { kind: 'cover', fileName: 'a.jpg', sizeBytes: 9, contentType: '' };
    const items = Array.from({ length: 20 }, (_, i) => ({
      ticket,
      attachments: [{ ...cover, attachmentId: `a${i}` }],
    }));
    const attach = async () => (await call('attach', { items })).codes;
    for (let i = 0; i < 5; i++) expect(new Set(await attach())).toEqual(new Set(['attached']));
    expect(await attach()).toEqual(['quota-exceeded']);
    expect(provider.attach).toHaveBeenCalledTimes(100);
  });

  it('is bounded in changes of the details over the life of an upload, also after its end', async () => {
    const { call, start, provider } = openEndpoint({ authorize: () => ({ id: 'ada', options: 'any' }) });
    const ticket = await start();
    await call('finish', { items: [{ ticket, status: 'uploaded', parts }] });
    const change = async (round: number) => {
      const items = Array.from({ length: 100 }, (_, i) => ({ ticket, update: { title: `${round}.${i}` } }));
      return new Set((await call('update', { items })).codes);
    };
    expect(await change(1)).toEqual(new Set(['updated']));
    expect(await change(2)).toEqual(new Set(['updated']));
    expect(await change(3)).toEqual(new Set(['quota-exceeded']));
    expect(provider.update).toHaveBeenCalledTimes(200);
  });

  it('stops within a batch when the caller is gone, and takes back what was begun', async () => {
    const { call, provider } = openEndpoint({ concurrency: 4 });
    const gone = new AbortController();
    provider.start.mockImplementation(async ({ clientId }) => {
      if (provider.start.mock.calls.length === 4) gone.abort();
      return { mediaId: clientId, transfer: { kind: 'single' }, state: {} };
    });
    await call('start', { provider: 'fake', uploads: uploadsOf(100) }, { signal: gone.signal });
    expect(provider.start.mock.calls.length).toBeLessThanOrEqual(8);
    expect(provider.confirm).toHaveBeenCalledTimes(provider.start.mock.calls.length);
  });

  it('takes back what was begun before the caller was gone, where the host does not say what was delivered', async () => {
    const { call, provider } = openEndpoint({ concurrency: 1 });
    const gone = new AbortController();
    provider.start.mockImplementation(async ({ clientId }) => {
      if (clientId === 'c1') gone.abort();
      return { mediaId: clientId, transfer: { kind: 'single' }, state: {} };
    });
    await call('start', { provider: 'fake', uploads: uploadsOf(3) }, { signal: gone.signal });
    expect(provider.confirm.mock.calls.map(([{ mediaId }, end]) => [mediaId, end]).sort()).toEqual([
      ['c0', 'canceled'],
      ['c1', 'canceled'],
    ]);
  });

  it('finishes what a page that closes has asked for', async () => {
    const { call, start, provider } = openEndpoint({ concurrency: 1 });
    const tickets = [await start(), await start({ clientId: 'c2' }), await start({ clientId: 'c3' })];
    const gone = new AbortController();
    provider.abort.mockImplementation(async () => gone.abort());
    const items = tickets.map((ticket) => ({ ticket, status: 'canceled' }));
    expect((await call('finish', { items }, { signal: gone.signal })).codes).toEqual(
      Array(3).fill('discarded'),
    );
  });

  it('begins no further item after 30 seconds, and ends reads after 90', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { call, start, provider } = openEndpoint({ concurrency: 1 });
    provider.start.mockImplementation(async ({ clientId }) => {
      await vi.advanceTimersByTimeAsync(14_000);
      return { mediaId: clientId, transfer: { kind: 'single' }, state: {} };
    });
    const { codes } = await call('start', { provider: 'fake', uploads: uploadsOf(20) });
    expect(codes.filter((code) => code === 'started')).toHaveLength(3);
    expect(codes.slice(3)).toEqual(Array(17).fill('vendor-unavailable'));
    provider.start.mockImplementation(({ clientId }) =>
      Promise.resolve({ mediaId: clientId, transfer: { kind: 'single' }, state: {} }),
    );
    const ticket = await start({ clientId: 'x' });
    provider.list.mockImplementationOnce(
      (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        ),
    );
    const listing = call('list', { items: [{ ticket }] });
    await vi.waitFor(() => expect(provider.list).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(90_000);
    expect(await listing).toMatchObject({ status: 503, codes: ['vendor-unavailable'] });
  });

  it('is bounded in levels, whatever has them', async () => {
    const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
    const { call } = openEndpoint();
    const start = (levels: number) =>
      call('start', { provider: 'fake', uploads: [{ ...upload, metadata: { nested: nested(levels) } }] });
    expect((await start(60)).status).toBe(200);
    const refused = await start(3000);
    expect([refused.status, refused.json]).toMatchObject([400, { code: 'invalid-request' }]);
  });

  it('gives a body up that arrives a byte at a time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { endpoint } = openEndpoint();
    const cancel = vi.fn();
    const body = new ReadableStream({
      pull: (controller) =>
        new Promise<void>((resolve) => {
          setTimeout(() => {
            if (cancel.mock.calls.length === 0) controller.enqueue(new Uint8Array([32]));
            resolve();
          }, 1000);
        }),
      cancel,
    });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
    const answer = endpoint(new Request('https://host.test/finish', init));
    await vi.advanceTimersByTimeAsync(21_000);
    expect((await answer).status).toBe(429);
    expect(cancel).toHaveBeenCalled();
  });

  it('warns of no leak when a large batch waits for a retry', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.name);
    process.on('warning', listen);
    const { withRetry } = await import('./retry.js');
    const { signal } = new AbortController();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        withRetry(
          (attempt) =>
            attempt === 1 ? Promise.reject(new EndpointError('vendor-throttled')) : Promise.resolve('done'),
          { signal, mayRepeat: () => true },
        ),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });
});

describe('the limits of one caller', () => {
  it('refuse larger files and other types, file by file, and describe them to the page', async () => {
    const { call, provider } = openEndpoint({
      limits: { maxFileSizeBytes: 1000, extensions: ['mp4', 'mov'] },
    });
    const { json } = await call('describe', { providers: ['fake'] });
    expect(json).toMatchObject({
      results: [{ capabilities: { maxFileSizeBytes: 1000, extensions: ['mp4', 'mov'] } }],
    });
    const uploads = [
      upload,
      { ...upload, clientId: 'c2', sizeBytes: 1001 },
      { ...upload, clientId: 'c3', fileName: 'a.mkv', contentType: 'video/x-matroska' },
      { ...upload, clientId: 'c4', fileName: 'b' },
    ];
    expect((await call('start', { provider: 'fake', uploads })).codes).toEqual([
      'started',
      'file-refused',
      'file-refused',
      'started',
    ]);
    expect(provider.start).toHaveBeenCalledTimes(2);
  });

  it('are asked for by caller, provider and context', async () => {
    const limits = vi.fn(({ id }: { id: string }) => (id === 'ada' ? { maxFileSizeBytes: 4 } : undefined));
    const { call } = openEndpoint({ limits });
    const start = { provider: 'fake', uploads: [upload] };
    expect((await call('start', start, { host: { context: 5 } })).codes).toEqual(['file-refused']);
    expect((await call('start', start, { user: 'ben' })).codes).toEqual(['started']);
    expect(limits.mock.calls[0]).toMatchObject([{ id: 'ada' }, { provider: 'fake', context: 5 }]);
  });

  it('let so many uploads start a minute, and say when the next may', async () => {
    const { call } = openEndpoint({ limits: { startsPerMinute: 3 } });
    const { codes } = await call('start', { provider: 'fake', uploads: uploadsOf(5) });
    expect(codes).toEqual(['started', 'started', 'started', 'rate-limited', 'rate-limited']);
    const again = await call('start', { provider: 'fake', uploads: uploadsOf(1, { clientId: 'new' }) });
    expect(again).toMatchObject({ status: 429, codes: ['rate-limited'] });
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(50);
    // Repeats of what has started count nothing.
    expect((await call('start', { provider: 'fake', uploads: uploadsOf(3) })).codes).toEqual(
      Array(3).fill('started'),
    );
    expect((await call('start', { provider: 'fake', uploads: uploadsOf(1) }, { user: 'ben' })).codes).toEqual(
      ['started'],
    );
  });

  it('let so many uploads be open, until one ends', async () => {
    const { call, start } = openEndpoint({ limits: { openUploads: 2 } });
    const ticket = await start({ clientId: 'c1' });
    const other = await start({ clientId: 'c2' });
    const third = { provider: 'fake', uploads: uploadsOf(1, { clientId: 'c3' }) };
    expect((await call('start', third)).codes).toEqual(['rate-limited']);
    const end = { items: [{ ticket, status: 'canceled' }] };
    await call('finish', end);
    // Said again, it frees nothing more.
    await call('finish', end);
    expect((await call('start', third)).codes).toEqual(['started']);
    expect(
      (await call('start', { provider: 'fake', uploads: uploadsOf(1, { clientId: 'c4' }) })).codes,
    ).toEqual(['rate-limited']);
    await call('finish', { items: [{ ticket: other, status: 'uploaded', parts }] });
    expect(
      (await call('start', { provider: 'fake', uploads: uploadsOf(1, { clientId: 'c4' }) })).codes,
    ).toEqual(['started']);
  });

  it('keep the places of uploads whose pages are gone no longer than their tickets live', async () => {
    const dayMs = 24 * 60 * 60_000;
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15, 7) });
    const { call } = openEndpoint({ limits: { openUploads: 3 }, now: Date.now });
    const codeAfter = async (clientId: string, ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return (await call('start', { provider: 'fake', uploads: uploadsOf(1, { clientId }) })).codes[0];
    };
    const codes = [
      await codeAfter('first day', 0),
      await codeAfter('same day', 60_000),
      await codeAfter('third day', 2 * dayMs),
      await codeAfter('too many', 60_000),
      // The tickets of the first day live for seven days.
      await codeAfter('sixth day', 3 * dayMs),
      await codeAfter('eighth day', 2 * dayMs),
      await codeAfter('again', 60_000),
      await codeAfter('too many again', 60_000),
      await codeAfter('the third is gone too', 2 * dayMs),
    ];
    vi.useRealTimers();
    expect(codes).toEqual([
      'started',
      'started',
      'started',
      'rate-limited',
      'rate-limited',
      'started',
      'started',
      'rate-limited',
      'started',
    ]);
  });

  it('counts the uploads of a call in their order, whatever some of them wait for first', async () => {
    const slowly = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined)));
    const authorize = () => ({ id: 'ada', mayUse: slowly });
    const { call, start } = openEndpoint({ authorize, limits: { startsPerMinute: 3 } });
    const replaces = await start({ clientId: 'old' });
    await call('finish', { items: [{ ticket: replaces, status: 'failed' }] });
    const uploads = [
      { ...upload, clientId: 'c1', replaces },
      { ...upload, clientId: 'c2' },
      { ...upload, clientId: 'c2' },
      { ...upload, clientId: 'c3', replaces },
      { ...upload, clientId: 'c4' },
    ];
    const { codes } = await call('start', { provider: 'fake', uploads });
    expect(codes).toEqual(['started', 'started', 'started', 'rate-limited', 'rate-limited']);
  });

  it('holds up no upload of a call for one before it that another instance is starting', async () => {
    const store = memoryStore({ now: Date.now });
    const item = { ...upload, clientId: 'c1' };
    const [other, { call, provider }] = [
      openEndpoint({ store }),
      openEndpoint({ store, limits: { startsPerMinute: 3 } }),
    ];
    let giveUp: () => void = () => undefined;
    other.provider.start.mockReturnValueOnce(
      new Promise((_, reject) => (giveUp = () => reject(new EndpointError('vendor-refused')))),
    );
    const underWay = other.call('start', { provider: 'fake', uploads: [item] });
    await vi.waitFor(() => expect(other.provider.start).toHaveBeenCalled());
    const started = vi.fn();
    provider.start.mockImplementation(({ clientId }) => {
      started(clientId);
      // The other instance gives up only once the second upload has been started.
      if (clientId === 'c2') giveUp();
      return Promise.resolve({ mediaId: clientId, transfer: { kind: 'single' }, state: {} });
    });
    const uploads = [item, { ...upload, clientId: 'c2' }];
    expect((await call('start', { provider: 'fake', uploads })).codes).toEqual(['started', 'started']);
    expect(started.mock.calls).toEqual([['c2'], ['c1']]);
    expect((await underWay).codes).toEqual(['vendor-refused']);
  });

  it('count the bytes of a day, and tell the page what is left', async () => {
    const { call, provider } = openEndpoint({ limits: { bytesPerDay: 12 } });
    expect((await call('start', { provider: 'fake', uploads: uploadsOf(3) })).codes).toEqual([
      'started',
      'started',
      'quota-exceeded',
    ]);
    const { json } = await call('describe', { providers: ['fake'] });
    expect(json).toMatchObject({
      results: [{ capabilities: { limits: { bytesPerDay: 12, bytesLeft: 2 } } }],
    });
    // What fails at the cloud, or waits for a checksum, has cost nothing.
    provider.start.mockRejectedValueOnce(new EndpointError('vendor-refused'));
    provider.start.mockResolvedValueOnce('checksum-required');
    const small = { provider: 'fake', uploads: [{ ...upload, clientId: 's', sizeBytes: 2 }] };
    expect((await call('start', small)).codes).toEqual(['vendor-refused']);
    expect((await call('start', small)).codes).toEqual(['checksum-required']);
    expect((await call('start', small)).codes).toEqual(['started']);
  });

  it('let uploads through when the counters are down, and say so', async () => {
    const down = () => Promise.reject(new Error('no Redis'));
    const counter: Counter = { penalty: down, reward: down, get: down };
    const { call, onError } = openEndpoint({
      limits: { startsPerMinute: 1, openUploads: 1, bytesPerDay: 1 },
      counters: () => counter,
    });
    expect((await call('start', { provider: 'fake', uploads: uploadsOf(3) })).codes).toEqual(
      Array(3).fill('started'),
    );
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'no Redis' }), {});
  });

  it('free no place by a start that was taken back because its ticket could not be made', async () => {
    const { call, provider, start } = openEndpoint({ limits: { openUploads: 2 } });
    await start();
    const state = { tooLong: 'x'.repeat(20_000) };
    provider.start.mockResolvedValueOnce({ mediaId: 'm', transfer: { kind: 'single' }, state });
    const codesOf = async (clientId: string) =>
      (await call('start', { provider: 'fake', uploads: [{ ...upload, clientId }] })).codes;
    expect(await codesOf('too long')).toEqual(['internal']);
    expect(await codesOf('second')).toEqual(['started']);
    expect(await codesOf('third')).toEqual(['rate-limited']);
  });

  it('count starts that the cloud refuses, and none that it could not answer', async () => {
    const { call, provider, clock } = openEndpoint({ limits: { startsPerMinute: 3 } });
    const startMany = async () =>
      (await call('start', { provider: 'fake', uploads: uploadsOf(5, { fileName: `${clock.now}.mp4` }) }))
        .codes;
    provider.start.mockImplementation(() => Promise.reject(new EndpointError('vendor-unavailable')));
    for (let i = 0; i < 3; i++) expect(await startMany()).toEqual(['vendor-unavailable']);
    provider.start.mockClear();
    provider.start.mockImplementation(() => Promise.reject(new EndpointError('vendor-refused')));
    expect(new Set(await startMany())).toEqual(new Set(['vendor-refused', 'rate-limited']));
    expect(await startMany()).toEqual(['rate-limited']);
    expect(provider.start).toHaveBeenCalledTimes(3);
  });

  it('share the calls to clouds among the requests of one caller', async () => {
    const { call, provider } = openEndpoint({ concurrencyPerCaller: 3 });
    let underWay = 0;
    let most = 0;
    provider.start.mockImplementation((one, { limit }) =>
      limit(async () => {
        most = Math.max(most, (underWay += 1));
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return { mediaId: one.clientId, transfer: { kind: 'single' }, state: {} };
      }),
    );
    await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        call('start', { provider: 'fake', uploads: uploadsOf(5, { fileName: `${i}.mp4` }) }),
      ),
    );
    expect(most).toBe(3);
    expect(provider.start).toHaveBeenCalledTimes(20);
  });
});

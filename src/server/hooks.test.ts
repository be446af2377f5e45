import { describe, expect, it, vi } from 'vitest';
import type { Decision } from './authorize.js';
import { EndpointError } from './errors.js';
import { createTokenEndpoint } from './handler.js';
import { memoryStore } from './memory.js';
import type { AuthorizeCall, UploadSubject } from './authorize.js';
import { openEndpoint, parts, upload } from './test-support/fake-endpoint.js';
import { fakeProvider } from './test-support/fake-provider.js';

const secret = 'a secret of more than thirty-two characters';

describe('what the host decides', () => {
  it('needs something that names the caller', () => {
    expect(() => createTokenEndpoint({ providers: [fakeProvider()], secret })).toThrow(TypeError);
  });

  it('asks who calls before it reads a byte of the body', async () => {
    const pull = vi.fn();
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    const { endpoint } = openEndpoint({ authenticate: () => null });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
    const response = await endpoint(new Request('https://host.test/finish', init));
    expect(response.status).toBe(401);
    expect(pull).not.toHaveBeenCalled();
  });

  it('lets callers of authenticate do what they may without authorize', async () => {
    const { call } = openEndpoint({
      authenticate: (_, { operation }) =>
        operation === 'details' ? { forbidden: 'no details' } : { id: 'ada' },
      authorize: undefined,
    });
    expect((await call('start', { provider: 'fake', uploads: [upload] })).codes).toEqual(['started']);
    expect((await call('details', { items: [{ ticket: 't' }] })).codes).toEqual(['forbidden']);
  });

  it('tells authorize what every operation is about, item by item, with the metadata of the start', async () => {
    const calls: AuthorizeCall[] = [];
    const { call, start } = openEndpoint({
      authenticate: () => ({ id: 'ada' }),
      authorize: (_, about) => {
        calls.push(about);
        return about.caller;
      },
    });
    const host = { context: { tenant: 7 } };
    const ticket = await start({ metadata: { project: 'p1' } }, { host });
    await call('describe', { providers: ['fake'] }, { host });
    const items = [{ ticket }, { ticket: 'forged' }];
    await call('sign', { items: items.map((item) => ({ ...item, parts })) }, { host });
    await call('list', { items }, { host });
    await call('details', { items }, { host });
    const attachment = { attachmentId: 'a', kind: 'cover', fileName: 'a.jpg', sizeBytes: 9, contentType: '' };
    await call('attach', { items: [{ ticket, attachments: [attachment] }] }, { host });
    await call('finish', { items: [{ ticket, status: 'uploaded', parts }] }, { host });
    expect(calls.map(({ operation }) => operation)).toEqual([
      'start',
      'describe',
      'sign',
      'list',
      'details',
      'attach',
      'finish',
    ]);
    for (const about of calls) expect(about).toMatchObject({ context: { tenant: 7 }, caller: { id: 'ada' } });
    expect(calls[1]).toMatchObject({ providers: ['fake'] });
    const subject = {
      provider: 'fake',
      mediaId: 'media-c1',
      fileName: 'a.mp4',
      sizeBytes: 5,
      metadata: { project: 'p1' },
      callerId: 'ada',
    };
    for (const { operation, items: seen = [] } of calls.slice(2)) {
      expect(seen[0], operation).toMatchObject(subject);
      expect(seen[0]?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
      expect(seen.slice(1)).toEqual(operation === 'attach' || operation === 'finish' ? [] : [undefined]);
    }
  });

  it('refuses single items by mayUse, with the metadata of the start', async () => {
    const mayUse = vi.fn(({ metadata }: UploadSubject) =>
      metadata?.['project'] === 'deleted' ? { forbidden: 'The project is gone.' } : undefined,
    );
    const { call, start, provider } = openEndpoint({ authorize: () => ({ id: 'ada', mayUse }) });
    const tickets = [
      await start({ clientId: 'c1', metadata: { project: 'deleted' } }),
      await start({ clientId: 'c2' }),
    ];
    const items = tickets.map((ticket) => ({ ticket }));
    expect((await call('list', { items })).codes).toEqual(['forbidden', 'listed']);
    expect((await call('details', { items })).codes).toEqual(['forbidden', 'found']);
    expect(provider.list).toHaveBeenCalledTimes(1);
  });

  it('refuses metadata that does not fit into a ticket before anything is made', async () => {
    const { call, provider } = openEndpoint();
    const metadata = { text: 'x'.repeat(5000) };
    expect((await call('start', { provider: 'fake', uploads: [{ ...upload, metadata }] })).codes).toEqual([
      'invalid-request',
    ]);
    expect(provider.start).not.toHaveBeenCalled();
  });
});

describe('a finish that two instances are given at once', () => {
  it('is confirmed by both, whichever of them completes the upload, where the store grants no claims', async () => {
    const memory = memoryStore();
    const store = { ...memory, putIfAbsent: () => Promise.reject(new Error('down')) };
    const [one, two] = [openEndpoint({ store }), openEndpoint({ store })];
    const ticket = await one.start();
    const finish = { items: [{ ticket, status: 'uploaded', parts }] };
    let release: () => void = () => undefined;
    const completed = new Promise<void>((resolve) => (release = resolve));
    one.provider.complete.mockImplementationOnce(async () => {
      await completed;
      throw new EndpointError('upload-not-found');
    });
    const first = one.call('finish', finish);
    await vi.waitFor(() => expect(one.provider.complete).toHaveBeenCalled());
    expect((await two.call('finish', finish)).codes).toEqual(['confirmed']);
    release();
    expect((await first).codes).toEqual(['confirmed']);
    expect(two.provider.complete.mock.calls[0]?.[2]).toEqual({ isRepeat: true });
    expect(one.provider.complete.mock.calls.map(([, , options]) => options.isRepeat)).toEqual([false, true]);
  });

  it('is refused where the upload is gone and no other call has completed it', async () => {
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    provider.complete.mockRejectedValueOnce(new EndpointError('upload-not-found'));
    const finish = { items: [{ ticket, status: 'uploaded', parts }] };
    expect((await call('finish', finish)).codes).toEqual(['upload-not-found']);
    expect(provider.complete).toHaveBeenCalledTimes(1);
  });
});

describe('the answers of authorize', () => {
  it.each<[string, unknown, string]>([
    ['a number for an id', { id: 5 }, 'internal'],
    ['a text', 'ada', 'internal'],
    ['true', true, 'internal'],
    ['an empty id', { id: '' }, 'unauthorized'],
    ['an id that is null', { id: null }, 'unauthorized'],
  ])('make no caller of %s, and tell the log what is expected', async (_, decision, code) => {
    const { call, onError, provider } = openEndpoint({ authorize: () => decision as Decision });
    expect((await call('start', { provider: 'fake', uploads: [upload] })).codes).toEqual([code]);
    expect(provider.start).not.toHaveBeenCalled();
    if (code === 'internal')
      expect(String(onError.mock.calls[0]?.[0])).toMatch(/authorize.*\{ id \} with a string/);
  });

  it.each([NaN, Infinity, -1])(
    'are passed on without a time to wait that is no time: %s',
    async (retryAfterMs) => {
      const { call } = openEndpoint({ authorize: () => ({ rateLimited: 'Later.', retryAfterMs }) });
      const { headers, json, status } = await call('start', { provider: 'fake', uploads: [upload] });
      expect([status, headers.get('retry-after'), json['retryAfterMs']]).toEqual([429, null, undefined]);
    },
  );
});

describe('what the host is told of confirmed uploads', () => {
  it('awaits onConfirmed with caller, metadata, media and object before the page hears of the end', async () => {
    const onConfirmed = vi.fn();
    const { call, start, provider } = openEndpoint({ onConfirmed });
    provider.confirm.mockResolvedValueOnce({ mediaId: 'm9' });
    const ticket = await start({ metadata: { project: 7 } });
    let release: () => void = () => undefined;
    onConfirmed.mockReturnValueOnce(new Promise<void>((resolve) => (release = resolve)));
    const finished = vi.fn();
    const body = { items: [{ ticket, status: 'uploaded', parts }] };
    const done = call('finish', body, { host: { context: 'ctx' } }).then(finished);
    await vi.waitFor(() => expect(onConfirmed).toHaveBeenCalled());
    expect(finished).not.toHaveBeenCalled();
    release();
    await done;
    expect(onConfirmed.mock.calls[0]?.[0]).toMatchObject({
      provider: 'fake',
      mediaId: 'm9',
      caller: { id: 'ada' },
      fileName: 'a.mp4',
      sizeBytes: 5,
      metadata: { project: 7 },
      object: { eTag: 'e', sizeBytes: 5 },
      context: 'ctx',
    });
    // The page repeats a finish whose answer was lost.
    await call('finish', { items: [{ ticket, status: 'uploaded', parts, isRepeat: true }] });
    expect(onConfirmed).toHaveBeenCalledTimes(1);
  });

  it('calls onConfirmed again when it failed, and refuses a cancel meanwhile', async () => {
    const onConfirmed = vi.fn().mockRejectedValueOnce(new Error('database'));
    const { call, start, onError } = openEndpoint({ onConfirmed });
    const ticket = await start();
    const finish = { items: [{ ticket, status: 'uploaded', parts, isRepeat: true }] };
    expect((await call('finish', finish)).status).toBe(500);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: 'database' });
    expect((await call('finish', { items: [{ ticket, status: 'canceled' }] })).codes).toEqual([
      'media-state-conflict',
    ]);
    expect((await call('finish', finish)).codes).toEqual(['confirmed']);
    expect(onConfirmed).toHaveBeenCalledTimes(2);
  });
});

describe('what the host is told of everything', () => {
  it('emits an event per request, per item and per call to a cloud, with one request id and trace', async () => {
    const { call, start, events, provider } = openEndpoint();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { traceparent, 'x-request-id': 'req-1' };
    const ticket = await start();
    events.length = 0;
    provider.list.mockImplementationOnce((_, { onVendorCall, traceparent: passedOn }) => {
      expect(passedOn).toBe(traceparent);
      onVendorCall?.({
        what: 'list parts',
        host: 's.test',
        attempt: 1,
        status: 200,
        startedAt: 1,
        durationMs: 2,
      });
      return Promise.resolve([]);
    });
    await call('list', { items: [{ ticket }, { ticket: 'forged' }] }, { headers });
    const common = { requestId: 'req-1', traceparent, operation: 'list', callerId: 'ada' };
    const byType = (type: string) => events.filter((event) => event.type === type);
    expect(byType('vendor-call')).toMatchObject([{ ...common, provider: 'fake', what: 'list parts' }]);
    expect(byType('item')).toHaveLength(2);
    expect(byType('item')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...common,
          outcome: 'listed',
          provider: 'fake',
          mediaId: 'media-c1',
          vendorCallCount: 1,
        }),
        expect.objectContaining({ ...common, outcome: 'refused', code: 'ticket-invalid' }),
      ]),
    );
    expect(byType('request')).toMatchObject([{ ...common, status: 200, itemCount: 2, refusedCount: 1 }]);
    for (const { durationMs } of events) expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(events)).not.toContain(ticket.slice(0, 40));
  });

  it('emits events of calls that were refused as a whole, and makes an id where none is fit to be passed on', async () => {
    const { call, events } = openEndpoint({ authorize: () => null });
    await call(
      'list',
      { items: [{ ticket: 't' }] },
      { headers: { 'x-request-id': 'a b<script>', traceparent: 'x' } },
    );
    expect(events).toMatchObject([
      { type: 'request', operation: 'list', status: 401, code: 'unauthorized', itemCount: 0 },
    ]);
    expect(events[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(events[0]?.traceparent).toBeUndefined();
  });

  it.each(['vendor-unavailable', 'vendor-throttled', 'vendor-credentials', 'internal'] as const)(
    'answers the whole call with the status of %s when all items share it, and says when to come back',
    async (code) => {
      const { call, start, provider, events } = openEndpoint();
      const items = [{ ticket: await start() }, { ticket: await start({ clientId: 'c2' }) }];
      const waits = [1200, 5000];
      provider.list.mockImplementation(() =>
        Promise.reject(new EndpointError(code, { retryAfterMs: waits.shift() })),
      );
      const { status, headers, json } = await call('list', { items });
      expect(status).toBeGreaterThanOrEqual(500);
      expect(headers.get('retry-after')).toBe('5');
      expect(json).toMatchObject({ code, status, retryAfterMs: 5000 });
      expect(events.filter(({ type }) => type === 'item').slice(-2)).toMatchObject([{ code }, { code }]);
    },
  );

  it('answers 200 when one item of a batch succeeds, or the items have different faults', async () => {
    const { call, start, provider } = openEndpoint();
    const items = [{ ticket: await start() }, { ticket: await start({ clientId: 'c2' }) }];
    provider.list.mockRejectedValueOnce(new EndpointError('vendor-unavailable'));
    expect(await call('list', { items })).toMatchObject({
      status: 200,
      codes: ['vendor-unavailable', 'listed'],
    });
    provider.list.mockRejectedValueOnce(new EndpointError('vendor-unavailable'));
    provider.list.mockRejectedValueOnce(new EndpointError('vendor-throttled'));
    expect((await call('list', { items })).status).toBe(200);
  });

  it.each<[string, () => unknown]>([
    [
      'throw',
      () => {
        throw new Error('metrics');
      },
    ],
    ['reject', () => Promise.reject(new Error('metrics'))],
  ])('answers the call, and leaves no error unhandled, when the log hooks %s', async (_, hook) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const provider = fakeProvider();
    provider.start.mockRejectedValue(new Error('a fault'));
    const { call } = openEndpoint({
      providers: [provider],
      onEvent: hook,
      onError: hook,
    });
    expect((await call('start', { provider: 'fake', uploads: [upload] })).codes).toEqual(['internal']);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { MediaDetails } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { createTokenEndpoint } from '../index.js';
import { memoryStore, type EndpointStore } from '../memory.js';
import { fakeProvider } from '../test-support/fake-provider.js';
import { createVendorEvents, type EventSource, type MediaEvent, type VendorEventsOptions } from './index.js';
import type { MediaEventKind, Reading } from './source.js';

const details = (status: MediaDetails['status']): MediaDetails => ({
  mediaId: 'm',
  provider: 'cloud',
  status,
});

function setUp({
  kind = 'uploaded',
  covered = false,
  found = details('ready'),
  reading,
  ...options
}: Partial<VendorEventsOptions> & {
  kind?: MediaEventKind;
  covered?: boolean;
  found?: MediaDetails | Error;
  reading?: (body: string) => Promise<Reading>;
} = {}) {
  const events: MediaEvent[] = [];
  const lookUp = vi.fn(() => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found)));
  const source: EventSource = {
    id: 'cloud',
    providerId: 'cloud',
    lookUp,
    read: ({ body }) =>
      reading?.(body) ??
      Promise.resolve({
        outcome: 'events',
        isCovered: covered,
        events: [{ id: body, kind, mediaId: 'm', detail: { says: body } }],
      }),
  };
  const onMediaEvent = vi.fn((event: MediaEvent): void | Promise<void> => void events.push(event));
  const onRefused = vi.fn();
  const onError = vi.fn();
  const handle = createVendorEvents({
    sources: [source],
    onRefused,
    onError,
    ...options,
    onMediaEvent: options.onMediaEvent ?? onMediaEvent,
  });
  const post = async (body = 'e1', path = 'cloud') =>
    (await handle(new Request(`https://app.example.com/vod/${path}`, { method: 'POST', body }))).status;
  return { handle, post, events, lookUp, onMediaEvent, onRefused, onError };
}

describe('an event that two instances are given at once', () => {
  it('is told to the host once, and accepted by both', async () => {
    const store = memoryStore();
    const onMediaEvent = vi.fn();
    const instances = [setUp({ store, onMediaEvent }), setUp({ store, onMediaEvent })];
    const statuses = await Promise.all(instances.map(({ post }) => post('e1')));
    expect(statuses).toEqual([200, 200]);
    expect(onMediaEvent).toHaveBeenCalledTimes(1);
  });
});

it('answers a message as failed whose handler hangs, tells the log, and calls it again with the next delivery', async () => {
  const onMediaEvent = vi.fn<() => Promise<void>>(() => new Promise(() => {}));
  const { post, onError } = setUp({ onMediaEvent, hookTimeoutMs: 50 });
  expect(await post('e1')).toBe(503);
  expect(String(onError.mock.calls[0]?.[0])).toMatch(
    /`onMediaEvent` of the host did not answer within 50 ms/,
  );
  onMediaEvent.mockResolvedValue();
  expect(await post('e1')).toBe(200);
  expect(onMediaEvent).toHaveBeenCalledTimes(2);
});

describe('the address of a source', () => {
  it('is the last segment of the path, and takes POST only', async () => {
    const { handle, post, onRefused } = setUp();
    expect(await post('e', 'cloud/')).toBe(200);
    expect(await post('e', 'other')).toBe(404);
    expect(await post('e', 'cloud/more')).toBe(404);
    expect((await handle(new Request('https://app.example.com/vod/cloud'))).status).toBe(405);
    expect((await handle(new Request('https://app.example.com/vod/cloud', { method: 'HEAD' }))).status).toBe(
      200,
    );
    expect(onRefused.mock.calls.map(([message]) => (message as { status: number }).status)).toEqual([
      404, 404, 405,
    ]);
  });

  it('is refused when it cannot be read', async () => {
    const { handle, onRefused } = setUp();
    const request = { url: 'http://[bad/vod/cloud', method: 'POST' } as Request;
    expect((await handle(request)).status).toBe(400);
    expect(onRefused).toHaveBeenCalledTimes(1);
  });

  it('has to be different for each source', () => {
    const source = { id: 'a', providerId: 'a', read: () => Promise.reject(new Error()) };
    const onMediaEvent = () => undefined;
    expect(() => createVendorEvents({ sources: [source, source], onMediaEvent })).toThrow(TypeError);
    expect(() => createVendorEvents({ sources: [], onMediaEvent })).toThrow(TypeError);
  });
});

describe('a message', () => {
  it('is refused when it is too large, whatever its length says', async () => {
    const { post, handle, events } = setUp({ maxBodyBytes: 10 });
    expect(await post('x'.repeat(11))).toBe(413);
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(8))),
    });
    const streamed = new Request('https://app.example.com/cloud', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await handle(streamed)).status).toBe(413);
    expect(events).toEqual([]);
  });

  it('is refused when it does not arrive in time', async () => {
    const { handle } = setUp({ bodyTimeoutMs: 5 });
    const body = new ReadableStream();
    const slow = new Request('https://app.example.com/cloud', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await handle(slow)).status).toBe(408);
  });

  it('of no interest is taken', async () => {
    const { post, events } = setUp({ reading: () => Promise.resolve({ outcome: 'done' }) });
    expect(await post()).toBe(200);
    expect(events).toEqual([]);
  });

  it('does not name its content in logs, and a log that fails changes nothing', async () => {
    const onRefused = vi.fn(() => {
      throw new Error('log');
    });
    const { post } = setUp({
      onRefused,
      reading: () => Promise.resolve({ outcome: 'refused', status: 401, reason: 'Sign is wrong' }),
    });
    expect(await post('secret content')).toBe(401);
    expect(JSON.stringify(onRefused.mock.calls)).not.toContain('content');
  });
});

describe('an event whose content the signature does not cover', () => {
  it.each<[MediaEventKind, MediaDetails['status'] | 'missing', number]>([
    ['uploaded', 'uploading', 503],
    ['uploaded', 'missing', 503],
    ['uploaded', 'processing', 200],
    ['uploaded', 'ready', 200],
    ['analyzed', 'processing', 200],
    ['transcoded', 'processing', 503],
    ['transcoded', 'failed', 503],
    ['transcoded', 'ready', 200],
    ['transcode-failed', 'ready', 503],
    ['transcode-failed', 'failed', 200],
    ['deleted', 'ready', 503],
    ['deleted', 'missing', 200],
  ])('%s reaches the host only if the API agrees: %s', async (kind, status, answer) => {
    const found = status === 'missing' ? new EndpointError('media-not-found') : details(status);
    const { post, events, onError } = setUp({ kind, found });
    expect(await post()).toBe(answer);
    expect(events).toHaveLength(answer === 200 ? 1 : 0);
    expect(events[0]?.detail).toBeUndefined();
    expect(onError).toHaveBeenCalledTimes(answer === 200 ? 0 : 1);
  });

  it('is asked for again while the API does not answer, and is not mistaken for a deletion', async () => {
    const { post, events } = setUp({ kind: 'deleted', found: new EndpointError('vendor-unavailable') });
    expect(await post()).toBe(503);
    expect(events).toEqual([]);
  });
});

describe('an event whose content the signature covers', () => {
  it('reaches the host with the vendor\u2019s own event, and with the details if they can be had', async () => {
    const known = setUp({ covered: true, kind: 'transcoded' });
    await known.post();
    expect(known.events).toMatchObject([{ detail: { says: 'e1' }, details: { status: 'ready' } }]);
    const unknown = setUp({ covered: true, found: new EndpointError('vendor-unavailable') });
    expect(await unknown.post()).toBe(200);
    expect(unknown.events).toMatchObject([{ kind: 'uploaded', details: undefined }]);
  });
});

describe('deliveries of one event', () => {
  it('reach the host once, one after the other and at the same time', async () => {
    let finish: () => void = () => undefined;
    const { post, onMediaEvent } = setUp({ onMediaEvent: undefined });
    onMediaEvent.mockImplementationOnce(() => new Promise<void>((resolve) => (finish = resolve)));
    const both = Promise.all([post(), post()]);
    await vi.waitFor(() => expect(onMediaEvent).toHaveBeenCalled());
    finish();
    expect(await both).toEqual([200, 200]);
    expect(await post()).toBe(200);
    expect(onMediaEvent).toHaveBeenCalledTimes(1);
    expect(await post('e2')).toBe(200);
    expect(onMediaEvent).toHaveBeenCalledTimes(2);
  });

  it('begin anew after the host has failed', async () => {
    const { post, onMediaEvent, onError } = setUp({ onMediaEvent: undefined });
    onMediaEvent.mockImplementationOnce(() => Promise.reject(new Error('down')));
    expect([await post(), await post(), await post()]).toEqual([500, 200, 200]);
    expect(onMediaEvent).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('are known to every instance that shares the store', async () => {
    const store = memoryStore();
    const [one, two] = [setUp({ store }), setUp({ store })];
    await one.post();
    expect(await two.post()).toBe(200);
    expect(two.events).toEqual([]);
  });

  it('wait for another instance that handles the event, until it is taken for stopped', async () => {
    let nowMs = 0;
    const now = () => nowMs;
    const store = memoryStore({ now });
    const one = setUp({ store, now, onMediaEvent: () => new Promise(() => undefined) });
    const two = setUp({ store, now });
    void one.post();
    await vi.waitFor(() => expect(one.lookUp).toHaveBeenCalled());
    expect(await two.post()).toBe(503);
    nowMs = 60_001;
    expect(await two.post()).toBe(200);
    expect(two.events).toHaveLength(1);
  });

  it('reach the host while the store is down', async () => {
    const down = () => Promise.reject(new Error('no Redis'));
    const store: EndpointStore = { get: down, put: down };
    const { post, events } = setUp({ store });
    expect(await post()).toBe(200);
    expect(events).toHaveLength(1);
  });
});

it('names the session of the upload, where the endpoint shares the store', async () => {
  const store = memoryStore();
  const provider = fakeProvider('cloud');
  const endpoint = createTokenEndpoint({
    providers: [provider],
    authorize: () => ({ id: 'ada' }),
    secret: 'a secret of more than thirty-two characters',
    store,
  });
  const call = async (operation: string, body: unknown) =>
    (await (
      await endpoint(
        new Request(`https://host.test/${operation}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      )
    ).json()) as { results: { session: { ticket: string } }[] };
  const uploads = [{ clientId: 'm', fileName: 'a.mp4', sizeBytes: 5, contentType: 'video/mp4' }];
  const { results } = await call('start', { provider: 'cloud', uploads });
  const parts = [{ partNumber: 1, sizeBytes: 5 }];
  await call('finish', { items: [{ ticket: results[0]?.session.ticket, status: 'uploaded', parts }] });
  const reading: Reading = {
    outcome: 'events',
    isCovered: true,
    events: [{ id: 'e', kind: 'uploaded', mediaId: 'media-m', detail: {} }],
  };
  const { post, events } = setUp({ store, reading: () => Promise.resolve(reading) });
  await post();
  expect(events[0]?.session).toBe(provider.confirm.mock.calls[0]?.[0].id);
  expect(events[0]?.session).toMatch(/^[0-9a-f-]{36}$/);
});

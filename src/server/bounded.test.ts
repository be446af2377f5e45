import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StartResponse } from '../protocol/index.js';
import type { Counter } from './limits.js';
import { memoryStore, type EndpointStore } from './memory.js';
import type { TokenEndpointOptions } from './options.js';
import { openEndpoint, parts, upload } from './test-support/fake-endpoint.js';
import { fakeProvider } from './test-support/fake-provider.js';

const never = new Promise<never>(() => {});
const fail = () => {
  throw new Error('down');
};

afterEach(() => vi.restoreAllMocks());

async function uploadOnce({ call }: ReturnType<typeof openEndpoint>) {
  const started = await call('start', { provider: 'fake', uploads: [upload] });
  const [result] = (started.json as unknown as StartResponse).results;
  if (result?.outcome !== 'started') throw new Error(JSON.stringify(started.json));
  const { ticket } = result.session;
  const signed = await call('sign', { items: [{ ticket, parts }] });
  const finished = await call('finish', { items: [{ ticket, status: 'uploaded', parts }] });
  return [signed, finished].flatMap(({ codes }) => codes);
}

describe('an upload', () => {
  it.each<[string, EndpointStore, boolean]>([
    ['hangs', { get: () => never, put: () => never }, true],
    ['throws at once', { get: fail, put: fail }, true],
    ['rejects', { get: () => Promise.reject(new Error('down')), put: fail }, true],
    ['answers with a page', { get: () => Promise.resolve('<html>'), put: () => Promise.resolve() }, false],
    ['answers with null', { get: () => Promise.resolve(null as never), put: () => Promise.resolve() }, false],
    [
      'answers with other JSON',
      { get: () => Promise.resolve('{"at":1,"session":{}}'), put: () => Promise.resolve() },
      false,
    ],
    ['has a claim that hangs', { ...memoryStore(), putIfAbsent: () => never }, true],
    ['has a claim that throws', { ...memoryStore(), putIfAbsent: fail }, true],
    [
      'answers a claim with OK',
      { ...memoryStore(), putIfAbsent: () => Promise.resolve('OK' as never) },
      true,
    ],
    [
      'answers a claim with null',
      { ...memoryStore(), putIfAbsent: () => Promise.resolve(null as never) },
      true,
    ],
    ['grants no claim, ever', { ...memoryStore(), putIfAbsent: () => Promise.resolve(false) }, false],
    ['grants every claim', { ...memoryStore(), putIfAbsent: () => Promise.resolve(true) }, false],
  ])('goes through while the store of the host %s', async (_, store, isTold) => {
    const endpoint = openEndpoint({ store });
    expect(await uploadOnce(endpoint)).toEqual(['signed', 'confirmed']);
    expect(endpoint.onError.mock.calls.length > 0).toBe(isTold);
  });

  it('goes through while the counters of the host hang, and waits for them once', async () => {
    const counter: Counter = { penalty: vi.fn(() => never), reward: () => never, get: () => never };
    const limits = { startsPerMinute: 3, openUploads: 2, bytesPerDay: 100 };
    const endpoint = openEndpoint({ counters: () => counter, limits });
    expect(await uploadOnce(endpoint)).toEqual(['signed', 'confirmed']);
    expect(counter.penalty).toHaveBeenCalledTimes(1);
    expect(String(endpoint.onError.mock.calls[0]?.[0])).toMatch(/counters did not answer/);
  });

  it('goes through while the counters answer no numbers', async () => {
    const lie = () => Promise.resolve({ consumedPoints: NaN, msBeforeNext: NaN });
    const limits = { startsPerMinute: 3, openUploads: 2, bytesPerDay: 100 };
    const counters = () => ({ penalty: lie, reward: lie, get: lie });
    expect(await uploadOnce(openEndpoint({ counters, limits }))).toEqual(['signed', 'confirmed']);
  });
});

describe('a function of the host that hangs', () => {
  const hanging = vi.fn(() => never);
  const caller = (more: object) => ({ authorize: () => ({ id: 'ada', ...more }) });
  const options = { hookTimeoutMs: 50 };

  it.each<[string, Partial<TokenEndpointOptions>]>([
    ['authenticate', { authenticate: hanging }],
    ['authorize', { authorize: hanging }],
    ['mayStart', caller({ mayStart: hanging })],
    ['limits', { limits: hanging }],
  ])(
    'ends a start in time, as a failure that pages repeat, and is told to the log: %s',
    async (name, hook) => {
      hanging.mockClear();
      const { call, onError, events, provider } = openEndpoint({ ...options, ...hook });
      const uploads = Array.from({ length: 20 }, (_, i) => ({ ...upload, clientId: `c${i}` }));
      const answer = await call('start', { provider: 'fake', uploads });
      expect([answer.status, answer.json['code'], answer.headers.get('retry-after')]).toEqual([
        500,
        'internal',
        '1',
      ]);
      expect(String(onError.mock.calls[0]?.[0])).toContain(
        `\`${name}\` of the host did not answer within 50 ms`,
      );
      expect(events.at(-1)).toMatchObject({ type: 'request', code: 'internal', status: 500 });
      expect(provider.start).not.toHaveBeenCalled();
      // Not once for each file of the call: the waits would add up.
      expect(hanging).toHaveBeenCalledTimes(1);
    },
  );

  it('ends a later call, and a link that is checked', async () => {
    const mayUse = vi.fn<() => Promise<never> | undefined>(() => undefined);
    const { call, start, onError } = openEndpoint({ ...options, ...caller({ mayUse }) });
    const ticket = await start();
    mayUse.mockReturnValue(never);
    expect((await call('list', { items: [{ ticket }] })).codes).toEqual(['internal']);
    expect((await call('details', { items: [{ ticket }] })).codes).toEqual(['internal']);
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/mayUse/);
    const provider = {
      ...fakeProvider(),
      imports: { extensions: ['mp4'], extensionIn: 'path', start: vi.fn(), status: vi.fn(), end: vi.fn() },
    } as const;
    const links = openEndpoint({ ...options, providers: [provider], imports: { allow: () => never } });
    const imports = [1, 2, 3].map((i) => ({
      clientId: `c${i}`,
      fileName: 'a.mp4',
      url: `https://films.example.com/${i}.mp4`,
    }));
    expect((await links.call('import', { provider: 'fake', imports })).codes).toEqual(['internal']);
    expect(provider.imports.start).not.toHaveBeenCalled();
  });

  it('is called again with the repeat of the finish where it is onConfirmed', async () => {
    const onConfirmed = vi.fn<() => Promise<void>>(() => never);
    const { call, start, onError } = openEndpoint({ ...options, onConfirmed });
    const ticket = await start();
    const finish = { items: [{ ticket, status: 'uploaded', parts, isRepeat: true }] };
    expect((await call('finish', finish)).codes).toEqual(['internal']);
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/onConfirmed/);
    onConfirmed.mockResolvedValue();
    expect((await call('finish', finish)).codes).toEqual(['confirmed']);
    expect(onConfirmed).toHaveBeenCalledTimes(2);
  });

  it('holds no answer up where it only listens', async () => {
    const listen = vi.fn((): unknown => never);
    const endpoint = openEndpoint({ ...options, onEvent: listen, onError: listen });
    expect(await uploadOnce(endpoint)).toEqual(['signed', 'confirmed']);
    expect(listen).toHaveBeenCalled();
  });

  it.each([0, -1, NaN, Infinity])('cannot be given %s ms', (hookTimeoutMs) => {
    expect(() => openEndpoint({ hookTimeoutMs })).toThrow(/hookTimeoutMs: .* is not a time in ms/);
  });
});

it('asks a store again after a while that did not answer', async () => {
  const memory = memoryStore();
  let isHanging = true;
  const get = vi.fn((key: string) => (isHanging ? never : memory.get(key)));
  const { start } = openEndpoint({ store: { get, put: (...entry) => memory.put(...entry) } });
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  await start({ clientId: 'a' });
  expect(get).toHaveBeenCalledTimes(1);
  isHanging = false;
  nowMs = 5000;
  await start({ clientId: 'b' });
  expect(get.mock.calls.length).toBeGreaterThan(1);
});

it('begins an upload anew where the one of the same start was discarded since', async () => {
  const { start, call, provider } = openEndpoint();
  const ticket = await start();
  await call('finish', { items: [{ ticket, status: 'failed' }] });
  const again = await start();
  expect(again).not.toBe(ticket);
  expect((await call('sign', { items: [{ ticket: again, parts }] })).codes).toEqual(['signed']);
  expect(await start()).toBe(again);
  expect(provider.start).toHaveBeenCalledTimes(2);
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StartResponse } from '../protocol/index.js';
import type { Counter } from './limits.js';
import { memoryStore, type EndpointStore } from './memory.js';
import { openEndpoint, parts, upload } from './test-support/fake-endpoint.js';

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

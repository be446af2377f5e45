import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EndpointCallError } from './call-error.js';
import { HttpEndpointClient } from './client.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const clientOf = (fetch: typeof globalThis.fetch) =>
  new HttpEndpointClient({
    endpoint: '/api',
    provider: 'p',
    headers: () => ({}),
    fetch,
    batchDelayMs: () => 0,
  });
const noReply = { isTransient: true, isNoReply: true, error: { code: 'endpoint-unreachable' } };

/** What `fetch` does with its signal. */
const untilAborted = (signal: AbortSignal | null | undefined) =>
  new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

it('gives up a call that nobody answers, as one to be tried again', async () => {
  const outcome = clientOf((_url, init) => untilAborted(init?.signal))
    .list('t')
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(119_999);
  expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toBeInstanceOf(EndpointCallError);
  expect(await outcome).toMatchObject(noReply);
});

it('gives up an answer that stops in the middle', async () => {
  const outcome = clientOf((_url, init) =>
    Promise.resolve(Object.assign(new Response('{'), { json: () => untilAborted(init?.signal) })),
  )
    .list('t')
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(await outcome).toMatchObject(noReply);
});

it('leaves no timer behind an answered call', async () => {
  const answer = { results: [{ outcome: 'listed', parts: [] }] };
  await expect(clientOf(() => Promise.resolve(Response.json(answer))).list('t')).resolves.toEqual({
    outcome: 'listed',
    parts: [],
  });
  expect(vi.getTimerCount()).toBe(0);
});

import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EndpointCallError } from './call-error.js';
import { HttpEndpointClient } from './client.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const clientOf = (
  fetch: typeof globalThis.fetch,
  headers: () => Record<string, string> | Promise<Record<string, string>> = () => ({}),
) =>
  new HttpEndpointClient({
    endpoint: '/api',
    provider: 'p',
    headers,
    fetch,
    batchDelayMs: () => 0,
  });
const noReply = { isTransient: true, isNoReply: true, error: { code: 'endpoint-unreachable' } };

/** What `fetch` does with its signal. */
const untilAborted = (signal: AbortSignal | null | undefined) =>
  new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

it('ends a call without an answer as a transient failure', async () => {
  const outcome = clientOf((_url, init) => untilAborted(init?.signal))
    .list('t')
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(119_999);
  expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toBeInstanceOf(EndpointCallError);
  expect(await outcome).toMatchObject(noReply);
});

it('ends a call whose answer stops in the middle as a transient failure', async () => {
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

it.each([
  [
    'throws',
    () => {
      throw new TypeError('no token');
    },
  ],
  ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['never answers', () => new Promise<never>(() => {})],
])(
  'counts a function for headers that %s as no reply to that call, and tells the host once',
  async (_, headers) => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const fetch = vi.fn<typeof globalThis.fetch>();
    const client = clientOf(fetch, headers);
    for (let count = 0; count < 2; count += 1) {
      const outcome = client.list('t').catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(120_000);
      expect(await outcome).toMatchObject(noReply);
    }
    expect(fetch).not.toHaveBeenCalled();
    expect(reported).toHaveBeenCalledTimes(1);
  },
);

it.each([
  ['a line break', { authorization: 'Bearer secret\nx' }, 'header "authorization"'],
  ['a character above U+00FF', { 'x-user': '\u8bed' }, 'header "x-user"'],
  ['a name that is none', { 'my header': 'x' }, 'header "my header"'],
  ['a text in place of headers', 'Bearer secret', '`headers` has answered no headers'],
])(
  'ends a call with headers-invalid for %s, and tells the host without the value',
  async (_, given, detail) => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const fetch = vi.fn<typeof globalThis.fetch>();
    const error = await clientOf(fetch, () => given as Record<string, string>)
      .list('t')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ isTransient: false, error: { code: 'headers-invalid', detail } });
    expect(fetch).not.toHaveBeenCalled();
    expect(reported.mock.calls).toEqual([[(error as EndpointCallError).error]]);
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  },
);

it.each([
  ['a Headers', new Headers({ authorization: 'Bearer x' })],
  ['pairs', [['Authorization', 'Bearer x']]],
  ['a record', { Authorization: 'Bearer x' }],
])('sends the headers of %s', async (_, given) => {
  const fetch = vi.fn<typeof globalThis.fetch>(() =>
    Promise.resolve(Response.json({ results: [{ outcome: 'listed', parts: [] }] })),
  );
  await clientOf(fetch, () => given as unknown as Record<string, string>).list('t');
  expect(new Headers(fetch.mock.calls[0]?.[1]?.headers).get('authorization')).toBe('Bearer x');
});

it('keeps all finish calls in flight together below what browsers allow for keepalive', async () => {
  let inFlight = 0;
  let most = 0;
  const isKeepalive: (boolean | undefined)[] = [];
  const answers: (() => void)[] = [];
  const client = clientOf(async (_url, init) => {
    const body = init?.body as string;
    isKeepalive.push(init?.keepalive);
    if (init?.keepalive) inFlight += new TextEncoder().encode(body).length;
    most = Math.max(most, inFlight);
    await new Promise<void>((resolve) => answers.push(resolve));
    return Response.json({ results: [{ outcome: 'discarded' }] });
  });
  // 15,000 characters of three bytes: bytes count, not characters.
  const finish = () => client.finish({ ticket: '\u8bed'.repeat(15_000), status: 'canceled' });
  const first = finish();
  await vi.advanceTimersByTimeAsync(0);
  const second = finish();
  await vi.advanceTimersByTimeAsync(0);
  for (const answer of answers) answer();
  await Promise.all([first, second]);
  inFlight = 0;
  const third = finish();
  await vi.advanceTimersByTimeAsync(0);
  answers.at(-1)?.();
  await third;
  expect(isKeepalive).toEqual([true, false, true]);
  expect(most).toBeLessThanOrEqual(64 * 1024);
});

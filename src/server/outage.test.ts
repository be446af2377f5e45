import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { StartResponse } from '../protocol/index.js';
import { startSandbox, type RunningSandbox } from '../sandbox/index.js';
import { openEndpoint } from './test-support/fake-endpoint.js';
import { clouds, sandboxProvider, type Cloud } from './test-support/sandbox-clouds.js';

let sandbox: RunningSandbox;
afterEach(() => sandbox.close());

const bytes = randomBytes(1000);
const md5Base64 = createHash('md5').update(bytes).digest('base64');
const uploadsOf = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => ({
    clientId: `${prefix}${i}`,
    fileName: 'clip.mp4',
    contentType: 'video/mp4',
    sizeBytes: 40 * 1024 ** 2,
    md5Base64,
  }));

/** The endpoint at a cloud of the sandbox, with something in between. */
async function open(cloud: Cloud, between?: typeof fetch) {
  sandbox = await startSandbox({ processingMs: 0, settings: { cosMinPartSize: 'ignored' } });
  const asked: Request[] = [];
  const fetchOne: typeof fetch = (input, init) => {
    asked.push(new Request(input, init));
    return between ? between(input, init) : fetch(input, init);
  };
  // MetaStudio takes any size in one PUT: there, too, the start calls the cloud.
  const provider = sandboxProvider(cloud, sandbox, { now: Date.now, fetch: fetchOne, singlePutMaxBytes: 0 });
  const endpoint = openEndpoint({ providers: [provider], concurrencyPerCaller: 64 });
  const start = (count: number, prefix: string, user?: string) =>
    endpoint.call('start', { provider: cloud, uploads: uploadsOf(count, prefix) }, { user });
  return { ...endpoint, asked, start };
}

describe.each(clouds)('%s', (cloud) => {
  it('is seen to be down by the status of the call, and is not asked again while it is', async () => {
    const { start, asked, events } = await open(cloud, () => Promise.reject(new TypeError('fetch failed')));
    const first = await start(40, 'a');
    expect(first.status).toBe(503);
    expect(first.codes).toEqual(['vendor-unavailable']);
    // Also before the circuit is open, when neither the cloud nor the gate names a time.
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    // Ten failures open the circuit; calls that were under way by then may add their own.
    const before = asked.length;
    expect(before).toBeLessThan(30);
    const second = await start(40, 'b', 'ben');
    expect(second.status).toBe(503);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(asked.length).toBe(before);
    const calls = events.filter(({ type }) => type === 'vendor-call');
    expect(calls).toHaveLength(before);
    expect(calls[0]).toMatchObject({ provider: cloud, code: 'vendor-unavailable' });
    expect(events.filter(({ type }) => type === 'item')).toHaveLength(80);
  });

  it('asks pages to wait from the first call on that finds it down', async () => {
    const { start } = await open(cloud, () => Promise.reject(new TypeError('fetch failed')));
    const { status, headers } = await start(1, 'a');
    expect([status, Number(headers.get('retry-after'))]).toEqual([503, 2]);
  });

  it('is not asked by anybody until the time that it named when it throttled', async () => {
    const answer = () => new Response('', { status: 429, headers: { 'Retry-After': '60' } });
    const { start, asked } = await open(cloud, () => Promise.resolve(answer()));
    const first = await start(40, 'a');
    expect(first).toMatchObject({ status: 503, codes: ['vendor-throttled'] });
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(50);
    // As many as were under way when the first answer came.
    expect(asked.length).toBeLessThanOrEqual(8);
    const before = asked.length;
    for (const user of ['ben', 'cleo', 'dan']) expect((await start(10, user, user)).status).toBe(503);
    expect(asked.length).toBe(before);
  });

  it('gets the trace of the request with every call, and takes calls that carry one', async () => {
    const { call, asked } = await open(cloud);
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const uploads = uploadsOf(1, 't');
    const started = await call('start', { provider: cloud, uploads }, { headers });
    expect(started.codes).toEqual(['started']);
    const [result] = (started.json as unknown as StartResponse).results;
    if (result?.outcome !== 'started') throw new Error('not started');
    const { ticket } = result.session;
    const canceled = await call('finish', { items: [{ ticket, status: 'canceled' }] }, { headers });
    expect(canceled.codes).toEqual(['discarded']);
    const traces = asked.map((request) => request.headers.get('traceparent') ?? '');
    expect(traces.length).toBeGreaterThan(1);
    for (const trace of traces) expect(trace).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(new Set(traces).size).toBe(traces.length);
  });

  it('bounds what one request costs it, whatever ticket is named how often', async () => {
    const { call, asked, start } = await open(cloud);
    const started = await start(1, 'w');
    const [result] = (started.json as unknown as StartResponse).results;
    if (result?.outcome !== 'started') throw new Error('not started');
    const before = asked.length;
    const { ticket } = result.session;
    const many = Array.from({ length: 100 }, (_, i) => ({ partNumber: i + 1, sizeBytes: 1000 }));
    const items = Array.from({ length: 100 }, () => ({ ticket, parts: many }));
    expect((await call('sign', { items })).codes).toEqual(['invalid-request']);
    expect(asked.length).toBe(before);
  });
});

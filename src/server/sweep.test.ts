import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../sandbox/index.js';
import { EndpointError } from './errors.js';
import { s3, sweep } from './index.js';
import { createDriver } from './test-support/contract-driver.js';
import { fakeProvider } from './test-support/fake-provider.js';
import { clouds, partBytes, sandboxProvider, type Cloud } from './test-support/sandbox-clouds.js';

let sandbox: RunningSandbox;
let offsetMs = 0;
const now = () => Date.now() + offsetMs;
const day = 86_400_000;
afterEach(() => sandbox?.close());

async function open(cloud: Cloud, singlePutMaxBytes: number | undefined = 0) {
  offsetMs = 0;
  sandbox = await startSandbox({
    now,
    processingMs: 0,
    settings: { cosMinPartSize: 'ignored' },
    s3: { settings: { minPartSizeBytes: 1 } },
  });
  return sandboxProvider(cloud, sandbox, { now, singlePutMaxBytes });
}

async function look(what: 'media' | 'uploads' | 'objects'): Promise<Record<string, unknown>[]> {
  return (await fetch(`${sandbox.url}/__sandbox/${what}`)).json() as Promise<Record<string, unknown>[]>;
}

const bytes = randomBytes(6 * partBytes + 7);

describe.each(clouds)('a sweep of %s', (cloud) => {
  it('discards what is old and unfinished, after a dry run that only lists it', async () => {
    const provider = await open(cloud);
    const driver = createDriver(provider);
    const finished = await driver.begin(bytes);
    await driver.finish(finished, await driver.sendAll(finished));
    const abandoned = await driver.begin(bytes);
    await driver.sendAll(abandoned, ({ partNumber }) => partNumber === 1);
    offsetMs = 9 * day;
    const young = await driver.begin(bytes);
    offsetMs += 2000;
    const keepsNothing = cloud === 'tencent-vod';
    const outcome = keepsNothing ? 'nothing-to-sweep' : 'swept';
    const found = keepsNothing ? [] : [abandoned.session.mediaId];
    const [planned] = await sweep({ providers: [provider], dryRun: true, now });
    expect(planned).toMatchObject({ provider: cloud, outcome });
    expect(planned?.uploads.map(({ id, outcome }) => [id, outcome])).toEqual(
      found.map((id) => [id, 'found']),
    );
    const openBefore = (await look('uploads')).length;
    const [report] = await sweep({ providers: [provider], now });
    expect(report?.uploads.map(({ id, outcome }) => [id, outcome])).toEqual(
      found.map((id) => [id, 'discarded']),
    );
    // A second job finds nothing more, and the young and the finished upload are as they were.
    expect((await sweep({ providers: [provider], now }))[0]?.uploads).toEqual([]);
    if (cloud === 's3') expect((await look('uploads')).length).toBe(openBefore - 1);
    expect(await driver.details(finished)).toMatchObject({ status: 'ready' });
    const rest = await driver.sendAll(young);
    expect(await driver.finish(young, rest)).toMatchObject({ outcome: 'completed' });
  });

  it('leaves an upload alone that ends between the list and its turn', async () => {
    const provider = await open(cloud);
    if (!provider.listUnfinished || cloud === 's3') return;
    const driver = createDriver(provider);
    const upload = await driver.begin(bytes);
    const sent = await driver.sendAll(upload);
    offsetMs = 9 * day;
    const listed = await provider.listUnfinished(now() - 8 * day, {
      signal: new AbortController().signal,
      limit: (call) => call(),
    });
    expect(listed).toHaveLength(1);
    offsetMs = 0;
    await driver.finish(upload, sent);
    const [report] = await sweep({
      providers: [{ ...provider, listUnfinished: () => Promise.resolve(listed) }],
      now: () => Date.now() + 9 * day,
    });
    expect(report?.uploads).toMatchObject([{ outcome: 'ended' }]);
    expect(await driver.details(upload)).toMatchObject({ status: 'ready' });
  });
});

describe('sweep', () => {
  it('lists every page, and only keys of this endpoint', async () => {
    const provider = await open('s3');
    const { accessKeyId, secretAccessKey, ...store } = sandbox.credentials.s3;
    const options = { ...store, now, credentials: { accessKeyId, secretAccessKey }, singlePutMaxBytes: 0 };
    const other = createDriver(s3({ ...options, key: () => `other/${crypto.randomUUID()}.mp4` }));
    await other.begin(randomBytes(10));
    await createDriver(provider).begin(randomBytes(10));
    offsetMs = 9 * day;
    expect((await sweep({ providers: [provider], now }))[0]?.uploads).toHaveLength(1);
    expect(await look('uploads')).toHaveLength(1);
    const [refused] = await sweep({ providers: [s3({ ...options, key: () => 'x.mp4' })], now });
    expect(refused).toMatchObject({ outcome: 'failed', problem: { code: 'not-supported' } });
    const prefixed = s3({ ...options, key: () => 'x.mp4', sweepPrefix: 'other/' });
    expect((await sweep({ providers: [prefixed], now }))[0]?.uploads).toMatchObject([
      { outcome: 'discarded' },
    ]);
  });

  it('goes on when one upload or one provider fails', async () => {
    const one = {
      ...fakeProvider('one'),
      listUnfinished: () => Promise.reject(new EndpointError('vendor-unavailable')),
    };
    const uploads = ['a', 'b', 'c'].map((id) => ({ kind: 'media' as const, id, startedAt: 0 }));
    const two = {
      ...fakeProvider('two'),
      listUnfinished: () =>
        Promise.resolve([...uploads, { kind: 'media' as const, id: 'young', startedAt: Date.now() }]),
      discardUnfinished: ({ id }: { id: string }) =>
        id === 'b' ? Promise.reject(new EndpointError('vendor-refused')) : Promise.resolve(true),
    };
    const [first, second] = await sweep({ providers: [one, two] });
    expect(first).toMatchObject({ outcome: 'failed', problem: { code: 'vendor-unavailable' } });
    expect(second?.uploads.map(({ id, outcome }) => [id, outcome]).sort()).toEqual([
      ['a', 'discarded'],
      ['b', 'failed'],
      ['c', 'discarded'],
    ]);
  });

  it.each([0, 59 * 60_000, NaN, -1])(
    'refuses an age of %s ms: such uploads may be under way',
    async (olderThanMs) => {
      await expect(sweep({ providers: [], olderThanMs })).rejects.toThrow(TypeError);
    },
  );
});

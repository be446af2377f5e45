import { afterEach, describe, expect, it, vi } from 'vitest';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../sandbox/index.js';
import { createTokenEndpoint } from './handler.js';
import { createLifecycle } from './lifecycle.js';
import { alibabaVod } from './providers/alibaba-vod/index.js';
import { huaweiMetastudio } from './providers/huawei-metastudio/index.js';
import { huaweiVod } from './providers/huawei-vod/index.js';
import { s3 } from './providers/s3/index.js';
import { tencentVod } from './providers/tencent-vod/index.js';
import type { Provider } from './provider.js';
import { fakeContext, fakeProvider } from './test-support/fake-provider.js';

let sandbox: RunningSandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

const retry = { sleep: () => Promise.resolve() };

async function open(options: SandboxOptions = {}, wrong: { secretKey?: string } = {}): Promise<Provider[]> {
  sandbox = await startSandbox({ processingMs: 0, ...options });
  const { credentials } = sandbox;
  const { secretKey } = wrong;
  const huawei = { ...credentials.huaweiVod, secretKey: secretKey ?? credentials.huaweiVod.secretKey };
  return [
    huaweiVod({ ...credentials.huaweiVod, credentials: huawei, retry }),
    huaweiMetastudio({ ...credentials.huaweiMetastudio, credentials: huawei, retry }),
    alibabaVod({
      ...credentials.alibabaVod,
      credentials: {
        accessKeyId: credentials.alibabaVod.accessKeyId,
        accessKeySecret: secretKey ?? credentials.alibabaVod.accessKeySecret,
      },
      retry,
    }),
    tencentVod({
      ...credentials.tencentVod,
      credentials: {
        secretId: credentials.tencentVod.secretId,
        secretKey: secretKey ?? credentials.tencentVod.secretKey,
      },
      retry,
    }),
    s3({
      ...credentials.s3,
      credentials: {
        accessKeyId: credentials.s3.accessKeyId,
        secretAccessKey: secretKey ?? credentials.s3.secretAccessKey,
      },
      retry,
    }),
  ];
}

const endpointOf = (provider: Provider) =>
  createTokenEndpoint({
    providers: [provider],
    authorize: () => ({ id: 'ada' }),
    secret: 'a secret of more than thirty-two characters',
  });
const call = (operation: string, body: unknown) =>
  new Request(`https://app.test/api/uploads/${operation}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('readiness of the token endpoint', () => {
  it('is given while all five clouds answer and accept the keys', async () => {
    const providers = await open();
    const response = await createLifecycle(endpointOf(fakeProvider()), { providers }).ready();
    expect(await response.json()).toEqual({
      status: 'ready',
      providers: providers.map(({ id }) => ({ provider: id })),
    });
    expect(response.status).toBe(200);
  });

  it('is withheld by each of the five clouds when it refuses the keys', async () => {
    const providers = await open({}, { secretKey: 'wrong' });
    const response = await createLifecycle(endpointOf(fakeProvider()), { providers }).ready();
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'unready',
      providers: providers.map(({ id }) => ({ provider: id, code: 'vendor-credentials' })),
    });
  });

  it('asks the clouds again only after its answer has aged', async () => {
    const clock = { now: 0 };
    const probe = vi.fn(() => Promise.reject(new Error('a fault of the provider')));
    const { ready } = createLifecycle(endpointOf(fakeProvider()), {
      providers: [{ ...fakeProvider(), probe }],
      now: () => clock.now,
    });
    expect((await ready()).status).toBe(503);
    expect((await ready()).status).toBe(503);
    expect(probe).toHaveBeenCalledTimes(1);
    clock.now = 10_000;
    await ready();
    expect(probe).toHaveBeenCalledTimes(2);
  });
});

describe('the end of the token endpoint', () => {
  it('waits for the calls under way and refuses new ones so that pages repeat them', async () => {
    let release: () => void = () => undefined;
    const started = vi.fn();
    const provider = fakeProvider();
    provider.list.mockImplementation(async () => {
      started();
      await new Promise<void>((resolve) => (release = resolve));
      return [];
    });
    const { endpoint, drain, ready, live } = createLifecycle(endpointOf(provider));
    const upload = { clientId: 'c', fileName: 'a.mp4', contentType: 'video/mp4', sizeBytes: 1 };
    const begun = (await (await endpoint(call('start', { provider: 'fake', uploads: [upload] }))).json()) as {
      results: { session: { ticket: string } }[];
    };
    const items = begun.results.map(({ session: { ticket } }) => ({ ticket }));
    const running = endpoint(call('list', { items }));
    await vi.waitFor(() => expect(started).toHaveBeenCalled());
    const drained = drain();
    const refused = await endpoint(call('list', { items }));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await ready()).status).toBe(503);
    expect(live().status).toBe(200);
    release();
    expect((await running).status).toBe(200);
    expect(await drained).toBe(true);
  });

  it('can be read by pages of allowed origins', async () => {
    const options = {
      providers: [fakeProvider()],
      authorize: () => ({ id: 'ada' }),
      secret: 'a secret of more than thirty-two characters',
      allowedOrigins: ['https://page.test'],
    };
    const lazily = createTokenEndpoint(() => options);
    await lazily(call('describe', { providers: ['fake'] }));
    for (const made of [createTokenEndpoint(options), lazily]) {
      const { endpoint, drain } = createLifecycle(made);
      await drain();
      const ask = (method: string, origin: string) =>
        endpoint(new Request('https://app.test/start', { method, headers: { origin } }));
      const preflight = await ask('OPTIONS', 'https://page.test');
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'POST',
      ]);
      const refused = await ask('POST', 'https://page.test');
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
        503,
        'https://page.test',
      ]);
      expect((await ask('POST', 'https://other.test')).headers.get('access-control-allow-origin')).toBe(null);
    }
  });

  it('gives up waiting after the time it was given', async () => {
    const { endpoint, drain } = createLifecycle(() => new Promise(() => undefined));
    void endpoint(call('list', {}));
    expect(await drain({ timeoutMs: 1 })).toBe(false);
  });
});

describe('the rule of an S3 bucket for unfinished uploads', () => {
  it.each([7, null])('is read from the bucket where it is %s days', async (days) => {
    const providers = await open({ s3: { settings: { abortIncompleteAfterDays: days } } });
    const found = await providers.at(-1)?.unfinishedUploads?.(fakeContext());
    expect(found?.endAfterDays).toBe(days ?? undefined);
  });
});

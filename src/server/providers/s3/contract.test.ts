import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startSandbox, type S3Settings, type XmlStyle } from '../../../sandbox/index.js';
import { assumeRole } from '../../signing/assume-role.js';
import { expectBothNames } from '../../test-support/both-names.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { sandboxXmlStyles } from '../../test-support/xml-styles.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { s3, s3Stores, type S3Options } from './index.js';

type Variant = Partial<S3Options> & {
  settings?: Partial<S3Settings>;
  xmlStyle?: XmlStyle;
  byRole?: boolean;
  inLocalhost?: boolean;
};

async function open({
  settings = {},
  xmlStyle,
  byRole = false,
  inLocalhost = false,
  ...options
}: Variant = {}): Promise<ProviderEnvironment & { readonly assumed: () => number }> {
  let offsetMs = 0;
  let assumed = 0;
  const now = () => Date.now() + offsetMs;
  const sandbox = await startSandbox({
    now,
    processingMs: 100,
    ...(xmlStyle && { settings: { xmlStyle } }),
    s3: { settings },
  });
  const { region, bucket, accessKeyId, secretAccessKey, roleArn } = sandbox.credentials.s3;
  const { endpoint: address } = sandbox.credentials.s3;
  const endpoint = inLocalhost ? address.replace('127.0.0.1', 'localhost') : address;
  const shared = {
    endpoint,
    region,
    bucket,
    now,
    retry: { baseDelayMs: 1, sleep: () => Promise.resolve() },
    singlePutMaxBytes: 1_000_000,
    ...options,
  };
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T | undefined> => {
    const response = await fetch(`${sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${await response.text()}`);
    return method === 'GET' ? ((await response.json()) as T) : undefined;
  };
  const assume = assumeRole({
    endpoint,
    region,
    roleArn,
    credentials: { accessKeyId, secretAccessKey },
    now,
  });
  const countedKeys = () => {
    assumed += 1;
    return assume();
  };
  return {
    provider: s3({ ...shared, credentials: byRole ? countedKeys : { accessKeyId, secretAccessKey } }),
    providerWithWrongKeys: s3({ ...shared, credentials: { accessKeyId, secretAccessKey: 'wrong' } }),
    singleSizeBytes: 500_000,
    multipartSizeBytes: 11_000_000,
    askingSizeBytes: 1_000_001,
    storedMd5s: async () =>
      ((await control<{ md5Hex: string }[]>('GET', 'objects')) ?? []).map(({ md5Hex }) => md5Hex),
    openUploads: async () => ((await control<unknown[]>('GET', 'uploads')) ?? []).length,
    faults: {
      actions: {
        start: 'CreateMultipartUpload',
        list: 'ListParts',
        complete: 'CompleteMultipartUpload',
        details: 'HeadObject',
      },
      next: async (action, effect) =>
        void (await control('POST', 'faults', { rules: [{ match: { action }, times: 1, effect }] })),
      clear: async () => void (await control('DELETE', 'faults')),
    },
    advance: (ms) => (offsetMs += ms),
    canceledCode: 'NoSuchUpload',
    failedCode: 'NoSuchUpload',
    close: () => sandbox.close(),
    assumed: () => assumed,
  };
}

describeProvider('s3', () => open());
describeProvider('s3 with the Ceph dialect, opaque ETags and temporary keys', () =>
  open({ byRole: true, signature: 'headers', eTag: 'opaque', settings: { dialect: 'ceph', eTag: 'opaque' } }),
);

describeProvider('s3 with a store that does not list parts', async () => {
  const environment = await open({ listsParts: false });
  const faults = environment.faults && {
    ...environment.faults,
    actions: { ...environment.faults.actions, list: 'HeadObject' },
  };
  return { ...environment, faults, isListless: true, onlyServiceReadsParts: true, isNotToldOfEnds: true };
});

// The sandbox's own style for S3 has named references.
describe.each(sandboxXmlStyles.filter(([title]) => title !== 'named references'))(
  's3 with a store that writes its XML with %s',
  (_, xmlStyle) => {
    describeProvider('s3', () => open({ xmlStyle }));
  },
);

it('signs parts for both names of the bucket', async () => {
  // A name in `localhost` can carry the bucket; the address of a machine cannot.
  const { provider, close } = await open({ inLocalhost: true, secondName: true });
  await expectBothNames(provider, 5_500_000);
  await close();
});

it('renews temporary keys in one call for concurrent requests and continues the same upload', async () => {
  const { provider, assumed, advance, close } = await open({ byRole: true });
  const upload = { clientId: 'c', fileName: 'clip.mp4', sizeBytes: 11_000_000, contentType: '' };
  const started = await provider.start(upload, fakeContext());
  if (started === 'checksum-required') throw new Error('none needed');
  const session = {
    id: 'x',
    fileName: 'clip.mp4',
    sizeBytes: 11_000_000,
    mediaId: started.mediaId,
    transfer: started.transfer,
    state: started.state,
  };
  expect(assumed()).toBe(1);
  advance?.(3_590_000);
  const signed = await Promise.all(
    [1, 2, 3].map((partNumber) => provider.sign(session, [{ partNumber, sizeBytes: 5 }], fakeContext())),
  );
  expect(await provider.list(session, fakeContext())).toEqual([]);
  expect(assumed()).toBe(2);
  for (const one of signed) {
    if (one.outcome !== 'signed' || !one.requests[0]) throw new Error('not signed');
    expect((await fetch(one.requests[0].url, { method: 'PUT', body: 'bytes' })).status).toBe(200);
  }
  await close();
});

async function withParts(options: Variant, sizes: readonly number[]) {
  const world = await open(options);
  const { provider } = world;
  const sizeBytes = sizes.slice(0, 2).reduce((sum, size) => sum + size, 0);
  const upload = { clientId: 'c', fileName: 'clip.mp4', sizeBytes, contentType: '' };
  const started = await provider.start(upload, fakeContext());
  if (started === 'checksum-required') throw new Error('none needed');
  const { mediaId, transfer, state } = started;
  const session = { id: 'x', fileName: 'clip.mp4', sizeBytes, mediaId, transfer, state };
  const parts = sizes.map((size, i) => {
    const bytes = new Uint8Array(size).fill(i);
    const md5Base64 = createHash('md5').update(bytes).digest('base64');
    return { partNumber: i + 1, sizeBytes: size, md5Base64, bytes };
  });
  const send = async (wanted: readonly number[]) => {
    const asked = parts.filter(({ partNumber }) => wanted.includes(partNumber));
    const signed = await provider.sign(session, asked, fakeContext());
    if (signed.outcome !== 'signed') throw new Error('not signed');
    for (const [i, { url, headers }] of signed.requests.entries())
      expect((await fetch(url, { method: 'PUT', headers, body: asked[i]?.bytes })).status).toBe(200);
  };
  const complete = () =>
    provider.complete(
      session,
      parts.slice(0, 2).map(({ partNumber, sizeBytes, md5Base64 }) => ({ partNumber, sizeBytes, md5Base64 })),
      { isRepeat: false },
      fakeContext(),
    );
  return { ...world, session, send, complete };
}

it('reports whether the endpoint or the store compared the parts', async () => {
  for (const [options, proof] of [
    [{}, 'compared'],
    [{ listsParts: false }, 'accepted'],
    [{ eTag: 'opaque' }, undefined],
  ] as const) {
    const { send, complete, close } = await withParts(options, [5_500_000, 1000]);
    await send([1, 2]);
    const completed = await complete();
    expect(completed).toMatchObject({ outcome: 'completed' });
    expect((completed as { proof?: string }).proof).toBe(proof);
    await close();
  }
});

it('requests every part again when a part is missing in a store that does not list parts', async () => {
  const { send, complete, close } = await withParts({ listsParts: false }, [5_500_000, 1000]);
  await send([1]);
  expect(await complete()).toEqual({ outcome: 'parts-differ', partNumbers: [1, 2] });
  await send([2]);
  expect(await complete()).toMatchObject({ outcome: 'completed' });
  await close();
});

it('completes without a stored part that is not in the plan', async () => {
  const { send, complete, close } = await withParts({}, [5_500_000, 1000, 7]);
  await send([1, 2, 3]);
  expect(await complete()).toMatchObject({ outcome: 'completed' });
  await close();
});

it.each(['query', 'headers'] as const)(
  'gives no page a way to add headers to a PUT at Ceph that is signed in its %s',
  async (signature) => {
    const { provider, close } = await open({
      settings: { dialect: 'ceph' },
      signature,
      absentHeaders: s3Stores.ceph({ endpoint: 'https://ceph.example' }).absentHeaders,
    });
    const upload = { clientId: 'c', fileName: 'clip.mp4', sizeBytes: 5, contentType: '' };
    const started = await provider.start(upload, fakeContext());
    if (started === 'checksum-required' || !started.signed?.[0]) throw new Error('not signed');
    const { url, headers } = started.signed[0];
    const put = async (more: Record<string, string> = {}) =>
      (await fetch(url, { method: 'PUT', headers: { ...headers, ...more }, body: '12345' })).status;
    expect(await put({ 'x-amz-storage-class': 'STANDARD' })).toBe(403);
    expect(await put()).toBe(200);
    await close();
  },
);

it('aborts an upload that a store like Ceph does not complete without a stored part', async () => {
  const { provider, session, send, complete, openUploads, close } = await withParts(
    { settings: { dialect: 'ceph' } },
    [5_500_000, 1000, 7],
  );
  await send([1, 2, 3]);
  await expect(complete()).rejects.toMatchObject({ code: 'upload-not-found' });
  expect(await openUploads?.()).toBe(0);
  expect(await provider.details([session], fakeContext())).toMatchObject([{ status: 'failed' }]);
  await close();
});

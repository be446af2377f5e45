import { describe, expect, it } from 'vitest';
import { startSandbox, vendorXmlStyle, type S3Settings, type XmlStyle } from '../../../sandbox/index.js';
import { assumeRole } from '../../signing/assume-role.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { s3, type S3Options } from './index.js';

type Variant = Partial<S3Options> & {
  settings?: Partial<S3Settings>;
  xmlStyle?: Partial<XmlStyle>;
  byRole?: boolean;
};

async function open({ settings = {}, xmlStyle = {}, byRole = false, ...options }: Variant = {}): Promise<
  ProviderEnvironment & { readonly assumed: () => number }
> {
  let offsetMs = 0;
  let assumed = 0;
  const now = () => Date.now() + offsetMs;
  const sandbox = await startSandbox({
    now,
    processingMs: 100,
    settings: { xmlStyle: { ...vendorXmlStyle, ...xmlStyle } },
    s3: { settings },
  });
  const { endpoint, region, bucket, accessKeyId, secretAccessKey, roleArn } = sandbox.credentials.s3;
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
    weather: {
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
describeProvider('s3 at Ceph’s dialect, with opaque ETags and temporary keys', () =>
  open({ byRole: true, signature: 'headers', eTag: 'opaque', settings: { dialect: 'ceph', eTag: 'opaque' } }),
);

// The sandbox's own style for S3 has named references.
describe.each<[string, Partial<XmlStyle>]>([
  ['decimal references, as stores written in Go do', { quotes: 'decimal' }],
  ['hexadecimal references', { quotes: 'hex' }],
  ['plain quotes', { quotes: 'raw', namespace: 'none', empty: 'self-closing' }],
  ['CDATA', { cdata: true, namespace: 'prefixed', indented: true }],
])('at a store that writes its XML with %s', (_, xmlStyle) => {
  describeProvider('s3', () => open({ xmlStyle }));
});

it('renews temporary keys once for all that wait, and goes on with the same upload', async () => {
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

import { describe, expect, it } from 'vitest';
import { startSandbox, type SandboxSettings } from '../../../sandbox/index.js';
import { iamToken } from '../../signing/iam-token.js';
import { expectBothNames } from '../../test-support/both-names.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { importWaitMs } from '../../test-support/import-cases.js';
import { startLinkSource } from '../../test-support/link-source.js';
import { sandboxXmlStyles } from '../../test-support/xml-styles.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { huaweiVod, type HuaweiVodOptions } from './index.js';

type Variant = Partial<HuaweiVodOptions> & {
  settings?: Partial<SandboxSettings>;
  byToken?: boolean;
  hasLinks?: boolean;
};

async function open({
  settings = {},
  byToken = false,
  hasLinks = false,
  ...options
}: Variant = {}): Promise<ProviderEnvironment> {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const linkSource = hasLinks ? await startLinkSource() : undefined;
  const pulls = linkSource && { pullOrigins: [linkSource.url], pullWaitMs: importWaitMs };
  const sandbox = await startSandbox({ now, processingMs: 100, settings: { ...settings, ...pulls } });
  const {
    endpoint,
    iamEndpoint,
    obsEndpoint,
    projectId,
    accessKey,
    secretKey,
    userName,
    password,
    domainName,
    projectName,
  } = sandbox.credentials.huaweiVod;
  const credentials = byToken
    ? { token: iamToken({ endpoint: iamEndpoint, userName, password, domainName, projectName, now }) }
    : { accessKey, secretKey };
  const shared = {
    projectId,
    endpoint,
    region: 'cn-north-4',
    now,
    retry: { baseDelayMs: 1, sleep: () => Promise.resolve() },
    ...(options.authorityVersion === 'v1.0' && {
      // A name in `localhost` can carry the bucket; the address of a machine cannot.
      obsBaseUrl: options.secondName ? obsEndpoint.replace('127.0.0.1', 'localhost') : obsEndpoint,
    }),
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
  return {
    provider: huaweiVod({ ...shared, credentials }),
    providerWithWrongKeys: huaweiVod({
      ...shared,
      credentials: byToken ? { token: 'made-up' } : { accessKey, secretKey: 'wrong' },
    }),
    ...(options.singlePutMaxBytes === undefined
      ? { singleSizeBytes: 1_000_000, multipartSizeBytes: 20_000_001 }
      : { singleSizeBytes: 90_000, multipartSizeBytes: 350_000 }),
    storedMd5s: async () =>
      ((await control<{ md5Hex: string }[]>('GET', 'objects')) ?? []).map(({ md5Hex }) => md5Hex),
    mediaFields: async (mediaId) =>
      (await control<{ mediaId: string; fields: unknown }[]>('GET', 'media'))?.find(
        (media) => media.mediaId === mediaId,
      )?.fields,
    openUploads: async () => ((await control<unknown[]>('GET', 'uploads')) ?? []).length,
    faults: {
      actions: {
        start: 'CreateAssetByFileUpload',
        list: 'ShowAssetTempAuthority',
        complete: 'CompleteMultipartUpload',
        confirm: 'ConfirmAssetUpload',
        details: 'ShowAssetMeta',
        import: 'UploadMetaDataByUrl',
        replace: 'UpdateAsset',
      },
      next: async (action, effect) =>
        void (await control('POST', 'faults', { rules: [{ match: { action }, times: 1, effect }] })),
      clear: async () => void (await control('DELETE', 'faults')),
    },
    advance: (ms) => (offsetMs += ms),
    canceledCode: 'CANCELLED',
    failedCode: 'UPLOAD_FAILED',
    linkSource,
    close: async () => {
      await linkSource?.close();
      await sandbox.close();
    },
  };
}

describeProvider('huawei-vod', () => open({ hasLinks: true }));
describe.each(sandboxXmlStyles)('huawei-vod with an OBS that writes its XML with %s', (_, xmlStyle) => {
  // Small files: the styles have nothing to do with sizes.
  describeProvider('huawei-vod', () => open({ settings: { xmlStyle }, singlePutMaxBytes: 100_000 }));
});
describeProvider('huawei-vod with a user token, the v1.0 authority and the alternative vendor behavior', () =>
  open({
    byToken: true,
    authorityVersion: 'v1.0',
    contentTypeRule: 'seed',
    settings: {
      contentTypeSigned: 'seed',
      confirmRepeat: '200',
      unknownAsset: 'omit',
      parameterErrorStatus: 400,
    },
  }),
);

it('signs parts for both names of the bucket', async () => {
  const { provider, close } = await open({ authorityVersion: 'v1.0', secondName: true });
  await expectBothNames(provider, 11_000_000);
  await close();
});

it.each([
  ['table', 'seed'],
  ['seed', 'table'],
] as const)(
  'uploads a MOV with the fallback headers when we sign by the %s rule and the cloud expects the %s rule',
  async (contentTypeRule, contentTypeSigned) => {
    const { provider, close } = await open({ contentTypeRule, settings: { contentTypeSigned } });
    const started = await provider.start(
      {
        clientId: 'c',
        fileName: 'clip.mov',
        sizeBytes: 5,
        contentType: '',
        md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
      },
      fakeContext(),
    );
    const [request] = started === 'checksum-required' ? [] : (started.signed ?? []);
    const send = (headers: Record<string, string> = {}) =>
      fetch(request?.url ?? '', { method: 'PUT', headers, body: 'hello' });
    expect((await send(request?.headers)).status).toBe(403);
    expect((await send(request?.fallbackHeaders)).status).toBe(200);
    await close();
  },
);

import { describe, it, vi } from 'vitest';
import { startSandbox, type SandboxSettings } from '../../../sandbox/index.js';
import { expectBothNames } from '../../test-support/both-names.js';
import { importWaitMs } from '../../test-support/import-cases.js';
import { startLinkSource } from '../../test-support/link-source.js';
import { sandboxXmlStyles } from '../../test-support/xml-styles.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { tencentVod, type TencentVodOptions } from './index.js';

type Variant = Partial<TencentVodOptions> & {
  settings?: Partial<SandboxSettings>;
  hasLinks?: boolean;
  hasSecondName?: boolean;
};

async function open({
  settings = {},
  hasLinks = false,
  hasSecondName = false,
  ...options
}: Variant = {}): Promise<ProviderEnvironment> {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const linkSource = hasLinks ? await startLinkSource() : undefined;
  const pulls = linkSource && { pullOrigins: [linkSource.url], pullWaitMs: importWaitMs };
  const sandbox = await startSandbox({ now, processingMs: 100, settings: { ...settings, ...pulls } });
  const { endpoint, cosOrigin, secretId, secretKey } = sandbox.credentials.tencentVod;
  const shared = {
    endpoint,
    cosOrigin,
    now,
    singlePutMaxBytes: 1_000_000,
    ...(hasSecondName && {
      secondCosOrigin: `http://{bucket}.cos.{region}.tencentcos.cn:${new URL(sandbox.url).port}`,
    }),
    retry: { baseDelayMs: 1, sleep: () => Promise.resolve() },
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
    provider: tencentVod({ ...shared, credentials: { secretId, secretKey } }),
    providerWithWrongKeys: tencentVod({ ...shared, credentials: { secretId, secretKey: 'wrong' } }),
    singleSizeBytes: 10_000,
    multipartSizeBytes: 2_500_000,
    storedMd5s: async () =>
      ((await control<{ md5Hex: string }[]>('GET', 'objects')) ?? []).map(({ md5Hex }) => md5Hex),
    mediaFields: async (mediaId) =>
      (await control<{ mediaId: string; fields: unknown }[]>('GET', 'media'))?.find(
        (media) => media.mediaId === mediaId,
      )?.fields,
    openUploads: async () => ((await control<unknown[]>('GET', 'uploads')) ?? []).length,
    faults: {
      actions: {
        start: 'ApplyUpload',
        list: 'ListParts',
        complete: 'CompleteMultipartUpload',
        confirm: 'CommitUpload',
        details: 'DescribeMediaInfos',
        import: 'PullUpload',
      },
      next: async (action, effect) =>
        void (await control('POST', 'faults', { rules: [{ match: { action }, times: 1, effect }] })),
      clear: async () => void (await control('DELETE', 'faults')),
    },
    advance: (ms) => (offsetMs += ms),
    isNotToldOfEnds: true,
    linkSource,
    close: async () => {
      await linkSource?.close();
      await sandbox.close();
    },
  };
}

describeProvider('tencent-vod', () => open({ hasLinks: true }));
it('signs parts for both origins of the bucket', async () => {
  const { provider, close } = await open({ hasSecondName: true });
  await expectBothNames(provider, 1_500_000);
  await close();
});
describe.each(sandboxXmlStyles)('tencent-vod with an COS that writes its XML with %s', (_, xmlStyle) => {
  describeProvider('tencent-vod', () => open({ settings: { xmlStyle } }));
});
describeProvider('tencent-vod in a sub application, in the other reading of the pages', () =>
  open({
    subAppId: 1500012345,
    storageRegion: 'ap-chongqing',
    settings: {
      tencentSubAppIdRequired: true,
      tencentSubAppIdText: 'refused',
      tencentCoverPath: 'always',
      tencentNoCoverUrl: 'absent',
      cosRead: false,
      cosJoinedETag: 'opaque',
      cosCompleteErrors: 'body',
      cosAbortStatus: 200,
      cosNoSuchUploadStatus: 400,
      cosExpiredKey: 'AccessDenied',
      cosMissingToken: 'InvalidAccessKeyId',
      cosMinPartSize: 'ignored',
      exposeETag: true,
    },
  }),
);

const {
  TENCENT_VOD_SECRET_ID: secretId,
  TENCENT_VOD_SECRET_KEY: secretKey,
  TENCENT_VOD_SUB_APP_ID: subAppId,
  TENCENT_VOD_SITE: site,
} = process.env;
if (secretId && secretKey) {
  vi.setConfig({ testTimeout: 180_000 });
  const options: TencentVodOptions = {
    credentials: { secretId, secretKey },
    singlePutMaxBytes: 1_000_000,
    ...(subAppId && { subAppId: Number(subAppId) }),
    ...(site === 'mainland' && { site }),
  };
  describeProvider('tencent-vod in the cloud', () =>
    Promise.resolve({
      provider: tencentVod(options),
      providerWithWrongKeys: tencentVod({ ...options, credentials: { secretId, secretKey: 'wrong' } }),
      singleSizeBytes: 10_000,
      multipartSizeBytes: 2_500_000,
      processingTimeoutMs: 120_000,
      isNotToldOfEnds: true,
      close: () => Promise.resolve(),
    }),
  );
}

import { describe } from 'vitest';
import { startSandbox, type AlibabaSettings, type XmlStyle } from '../../../sandbox/index.js';
import { importWaitMs } from '../../test-support/import-cases.js';
import { startLinkSource } from '../../test-support/link-source.js';
import { sandboxXmlStyles } from '../../test-support/xml-styles.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { alibabaVod, type AlibabaVodOptions } from './index.js';

type Variant = Partial<AlibabaVodOptions> & {
  settings?: Partial<AlibabaSettings>;
  byToken?: boolean;
  xmlStyle?: XmlStyle;
  hasLinks?: boolean;
};

async function open({
  settings = {},
  byToken = false,
  xmlStyle,
  hasLinks = false,
  ...options
}: Variant = {}): Promise<ProviderEnvironment> {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const linkSource = hasLinks ? await startLinkSource() : undefined;
  const pulls = linkSource && { pullOrigins: [linkSource.url], pullWaitMs: importWaitMs };
  const sandbox = await startSandbox({
    now,
    processingMs: 100,
    settings: { ...(xmlStyle && { xmlStyle }), ...pulls },
    alibaba: { settings: { allowListParts: true, ...settings } },
  });
  const { endpoint, region, accessKeyId, accessKeySecret, temporary } = sandbox.credentials.alibabaVod;
  const credentials = byToken ? temporary : { accessKeyId, accessKeySecret };
  const shared = {
    endpoint,
    region,
    now,
    singlePutMaxBytes: 100_000,
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
    provider: alibabaVod({ ...shared, credentials }),
    providerWithWrongKeys: alibabaVod({
      ...shared,
      credentials: { ...credentials, accessKeySecret: 'wrong' },
    }),
    singleSizeBytes: 90_000,
    multipartSizeBytes: 350_000,
    storedMd5s: async () =>
      ((await control<{ md5Hex: string }[]>('GET', 'objects')) ?? []).map(({ md5Hex }) => md5Hex),
    mediaFields: async (mediaId) =>
      (await control<{ mediaId: string; fields: unknown }[]>('GET', 'media'))?.find(
        (media) => media.mediaId === mediaId,
      )?.fields,
    openUploads: async () => ((await control<unknown[]>('GET', 'uploads')) ?? []).length,
    faults: {
      actions: {
        start: 'CreateUploadVideo',
        list: 'ListParts',
        complete: 'CompleteMultipartUpload',
        details: 'GetUploadDetails',
        import: 'UploadMediaByURL',
      },
      next: async (action, effect) =>
        void (await control('POST', 'faults', { rules: [{ match: { action }, times: 1, effect }] })),
      clear: async () => void (await control('DELETE', 'faults')),
    },
    ...(!byToken && { advance: (ms: number) => void (offsetMs += ms) }),
    isNotToldOfEnds: options.discarded === 'keep',
    deletesEnds: options.discarded !== 'keep',
    isListless: settings.allowListParts === false,
    linkSource,
    close: async () => {
      await linkSource?.close();
      await sandbox.close();
    },
  };
}

describeProvider('alibaba-vod', () => open({ hasLinks: true }));
describe.each(sandboxXmlStyles)('alibaba-vod with an OSS that writes its XML with %s', (_, xmlStyle) => {
  describeProvider('alibaba-vod', () => open({ xmlStyle }));
});
describeProvider('alibaba-vod with temporary keys, V1 signatures and the alternative vendor behavior', () =>
  open({
    byToken: true,
    signature: 'v1',
    ossSignature: 'v1',
    discarded: 'keep',
    settings: {
      authHasExpireTime: false,
      progressReported: false,
      unknownMedia: '404',
      detailsNumbers: 'string',
      transcoding: 'none',
      throttlingStatus: 429,
      updateWhileUploading: '200',
    },
  }),
);
describeProvider('alibaba-vod without permission to list parts', () =>
  open({ settings: { allowListParts: false, expiredKeyCode: 'InvalidAccessKeyId' } }),
);

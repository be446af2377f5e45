import { expect, it } from 'vitest';
import { startSandbox, type MetastudioSettings } from '../../../sandbox/index.js';
import { iamToken } from '../../signing/iam-token.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { describeProvider, type ProviderEnvironment } from '../contract-suite.js';
import { huaweiMetastudio, type HuaweiMetastudioOptions } from './index.js';

type Variant = Partial<HuaweiMetastudioOptions> & {
  settings?: Partial<MetastudioSettings>;
  byToken?: boolean;
};

async function open({ settings = {}, byToken = false, ...options }: Variant = {}): Promise<
  ProviderEnvironment & { media: () => Promise<{ status: string; fields: Record<string, unknown> }[]> }
> {
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const sandbox = await startSandbox({ now, processingMs: 100, metastudio: settings });
  const {
    endpoint,
    iamEndpoint,
    projectId,
    accessKey,
    secretKey,
    userName,
    password,
    domainName,
    projectName,
  } = sandbox.credentials.huaweiMetastudio;
  const credentials = byToken
    ? { token: iamToken({ endpoint: iamEndpoint, userName, password, domainName, projectName, now }) }
    : { accessKey, secretKey };
  const shared = {
    projectId,
    endpoint,
    now,
    singlePutMaxBytes: 500_000,
    partSizeBytes: 400_000,
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
    provider: huaweiMetastudio({ ...shared, credentials }),
    providerWithWrongKeys: huaweiMetastudio({
      ...shared,
      credentials: byToken ? { token: 'made-up' } : { accessKey, secretKey: 'wrong' },
    }),
    singleSizeBytes: 400_000,
    multipartSizeBytes: 1_200_000,
    isListless: true,
    onlyServiceReadsParts: true,
    storedMd5s: async () =>
      ((await control<{ md5Hex: string }[]>('GET', 'objects')) ?? []).map(({ md5Hex }) => md5Hex),
    openUploads: async () => ((await control<unknown[]>('GET', 'uploads')) ?? []).length,
    faults: {
      actions: {
        start: 'CreateDigitalAsset',
        list: 'ShowAsset',
        complete: 'ConfirmFileUpload',
        confirm: 'ConfirmFileUpload',
        details: 'ShowAsset',
      },
      next: async (action, effect) =>
        void (await control('POST', 'faults', { rules: [{ match: { action }, times: 1, effect }] })),
      clear: async () => void (await control('DELETE', 'faults')),
    },
    advance: (ms) => (offsetMs += ms),
    canceledCode: 'CANCELLED',
    failedCode: 'FAILED',
    close: () => sandbox.close(),
    media: async () =>
      (await control<{ status: string; fields: Record<string, unknown> }[]>('GET', 'media')) ?? [],
  };
}

describeProvider('huawei-metastudio', () => open());
describeProvider('huawei-metastudio with a user token and the alternative vendor behavior', () =>
  open({
    byToken: true,
    partContentType: 'none',
    settings: {
      authErrors: 'gateway',
      completeRepeat: '400',
      partContentType: 'none',
      stateAfterComplete: 'UNACTIVED',
      takesSecondMain: false,
    },
  }),
);

it('sends asset fields from the server settings and the page, with the app user id of the caller', async () => {
  const { provider, media, close } = await open({
    appUserId: (caller) => caller?.id,
    tags: ['a'],
    assetDescription: 'by default',
    systemProperties: { MATERIAL_VIDEO: 'Yes' },
  });
  const upload = {
    clientId: 'c',
    fileName: 'clip.mp4',
    sizeBytes: 5,
    contentType: '',
    md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
    options: { assetName: 'Mine', tags: ['b'] },
  };
  await provider.start(upload, { ...fakeContext(), caller: { id: 'ann' } });
  await provider.start({ ...upload, fileName: 'tune.mp3' }, { ...fakeContext(), caller: { id: '安' } });
  expect(await media()).toMatchObject([
    {
      status: 'CREATING',
      fields: {
        asset_name: 'Mine',
        asset_type: 'VIDEO',
        asset_description: 'by default',
        tags: ['b'],
        system_properties: [{ key: 'MATERIAL_VIDEO', value: 'Yes' }],
        app_user_id: 'ann',
      },
    },
    { fields: { asset_type: 'AUDIO', app_user_id: '' } },
  ]);
  await close();
});

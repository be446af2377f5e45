import { defaultRegion, vodEndpoint } from '../../../vendors/alibaba-vod.js';
import { callSettings } from '../../kit/call.js';
import { ossV1Presigner } from '../../signing/oss-v1.js';
import { ossV4Presigner } from '../../signing/oss-v4.js';
import { createVodClient } from './client.js';
import { CredentialRenewal } from './credential-renewal.js';
import type { AlibabaVodOptions } from './options.js';
import { createOssStore } from './store.js';

const defaultSinglePutMaxBytes = 5 * 1024 ** 2;

/** What the operations of one provider work with: its options with every default filled in, and its clients. */
export type Setup = ReturnType<typeof setUp>;

export function setUp(options: AlibabaVodOptions) {
  const { credentials, region = defaultRegion, signature = 'v3', ossSignature = 'v4' } = options;
  const settings = callSettings(options);
  const { now } = settings;
  const vod = createVodClient(
    {
      signature,
      endpoint: options.endpoint ?? vodEndpoint(region),
      credentials: typeof credentials === 'function' ? credentials : () => credentials,
      nonce: options.nonce ?? (() => crypto.randomUUID()),
    },
    settings,
  );
  const signing = { presigner: ossSignature === 'v1' ? ossV1Presigner : ossV4Presigner, now };
  return {
    options,
    id: options.id ?? 'alibaba-vod',
    region,
    singlePutMaxBytes: options.singlePutMaxBytes ?? defaultSinglePutMaxBytes,
    keepsDiscarded: options.discarded === 'keep',
    listParts: options.listParts !== false,
    now,
    tools: settings.retryTools,
    vod,
    signing,
    store: createOssStore(signing, settings),
    renewal: new CredentialRenewal(vod, { region, now }),
  } as const;
}

import { intlHost, mainlandHost, maxPutBytes } from '../../../vendors/tencent-vod.js';
import { defaultRetryPolicy, defaultRetryTools } from '../../retry.js';
import { createVodClient, type VodClient } from './client.js';
import { createCosClient, type CosClient } from './cos.js';
import type { TencentVodOptions } from './options.js';
import type { CosAddressing } from './presign.js';
import { checkDefaults, uploadOptionsSchema } from './upload-options.js';

const defaultTimeoutMs = 15_000;
const defaultUrlLifetimeMs = 3_600_000;
const defaultCosOrigin = 'https://{bucket}.cos.{region}.myqcloud.com';

/** What the methods of the provider work with. */
export interface Assembled {
  readonly vod: VodClient;
  readonly cos: CosClient;
  readonly addressing: CosAddressing;
  readonly schema: ReturnType<typeof uploadOptionsSchema>;
}

export function assemble(options: TencentVodOptions, now: () => number): Assembled {
  const {
    credentials,
    site = 'intl',
    timeoutMs = defaultTimeoutMs,
    retry = {},
    cosOrigin = defaultCosOrigin,
    urlLifetimeMs = defaultUrlLifetimeMs,
  } = options;
  const schema = checkOptions(options, now);
  const isMainland = site === 'mainland';
  const shared = {
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  };
  const endpoint = options.endpoint ?? `https://${isMainland ? mainlandHost : intlHost}`;
  const region = options.region ?? (isMainland ? 'ap-guangzhou' : 'ap-singapore');
  const addressing = { cosOrigin, now, urlLifetimeMs };
  return {
    vod: createVodClient({ ...shared, now, endpoint, region, credentials }),
    cos: createCosClient({ ...shared, addressing }),
    addressing,
    schema,
  };
}

/** Throws `TypeError` for settings that no upload could be applied for with. */
function checkOptions(options: TencentVodOptions, now: () => number): Assembled['schema'] {
  const { credentials, singlePutMaxBytes = 0, endpoint, cosOrigin = defaultCosOrigin } = options;
  if (!credentials.secretId || !credentials.secretKey) throw new TypeError('Tencent VOD needs a key pair.');
  if (!(singlePutMaxBytes >= 0 && singlePutMaxBytes <= maxPutBytes))
    throw new TypeError(`One PUT takes up to ${maxPutBytes} bytes.`);
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new TypeError('The endpoint of Tencent VOD is not a URL.');
  if (!URL.canParse(cosOrigin.replace('{bucket}', 'b-1').replace('{region}', 'r')))
    throw new TypeError('The origin of COS is not a URL.');
  const schema = uploadOptionsSchema(now);
  const fixed = Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => Object.hasOwn(schema.entries, name) && typeof value !== 'function',
    ),
  );
  try {
    checkDefaults(schema, fixed);
  } catch (error) {
    throw new TypeError(error instanceof Error ? error.message : 'A setting of Tencent VOD breaks a limit.', {
      cause: error,
    });
  }
  return schema;
}

import { intlHost, mainlandHost } from '../../../vendors/tencent-vod.js';
import { callSettings } from '../../kit/call.js';
import { createVodClient } from './client.js';
import { checkOptions, defaultCosOrigin, uploadOptionsSchema, type TencentVodOptions } from './options.js';
import { createCosStore } from './store.js';
import { checkPlace } from '../../kit/place.js';

const defaultUrlLifetimeMs = 3_600_000;
const defaultSinglePutMaxBytes = 16 * 1024 * 1024;

/** What the operations of one provider work with: its options with every default filled in, and its clients. */
export type Setup = ReturnType<typeof setUp>;

/** Throws `TypeError` for settings that no upload could be applied for with. */
export function setUp(options: TencentVodOptions) {
  const settings = callSettings(options);
  const { now } = settings;
  const schema = uploadOptionsSchema(now);
  checkPlace('Tencent VOD', options);
  checkOptions(options, schema);
  const { credentials, site = 'intl' } = options;
  const isMainland = site === 'mainland';
  const endpoint = options.endpoint ?? `https://${isMainland ? mainlandHost : intlHost}`;
  const region = options.region ?? (isMainland ? 'ap-guangzhou' : 'ap-singapore');
  const addressing = {
    cosOrigin: options.cosOrigin ?? defaultCosOrigin,
    secondCosOrigin: options.secondCosOrigin,
    now,
    urlLifetimeMs: options.urlLifetimeMs ?? defaultUrlLifetimeMs,
  };
  return {
    options,
    schema,
    id: options.id ?? 'tencent-vod',
    singlePutMaxBytes: options.singlePutMaxBytes ?? defaultSinglePutMaxBytes,
    readyWhen: options.readyWhen ?? 'metadata',
    now,
    vod: createVodClient({ endpoint, region, credentials }, settings),
    store: createCosStore(addressing, settings),
    addressing,
  } as const;
}

import { singlePutMaxBytes } from '../../../vendors/huawei-vod.js';
import { callSettings } from '../../kit/call.js';
import { defaultLanguageCode } from './attachments.js';
import { createVodClient } from './client.js';
import { Multipart } from './multipart.js';
import type { HuaweiVodOptions } from './options.js';
import { createObsStore } from './store.js';

/** What the operations of one provider work with: its options with every default filled in, and its clients. */
export type Setup = ReturnType<typeof setUp>;

export function setUp(options: HuaweiVodOptions) {
  const { projectId, region, credentials, authorityVersion = 'v1.1', obsBaseUrl } = options;
  const settings = callSettings(options);
  const { now } = settings;
  const endpoint = options.endpoint ?? `https://vod.${region}.myhuaweicloud.com`;
  const vod = createVodClient({ endpoint, projectId, credentials, authorityVersion }, settings);
  const store = createObsStore(settings);
  const addressing = { obsBaseUrl, region, hasSecondName: options.secondName ?? false };
  return {
    options,
    id: options.id ?? 'huawei-vod',
    singlePutMaxBytes: options.singlePutMaxBytes ?? singlePutMaxBytes,
    subtitleLanguage: options.subtitleLanguage ?? defaultLanguageCode,
    now,
    tools: settings.retryTools,
    vod,
    multipart: new Multipart({ vod, store, addressing, now }),
  } as const;
}

import { fileMaxBytes } from '../../../vendors/huawei-metastudio.js';
import { callSettings } from '../../kit/call.js';
import { createMetastudioClient } from './client.js';
import { appUserHeaders, type HuaweiMetastudioOptions } from './options.js';

/** What the operations of one provider work with: its options with every default filled in, and its client. */
export type Setup = ReturnType<typeof setUp>;

export function setUp(options: HuaweiMetastudioOptions) {
  const { projectId, region, credentials } = options;
  const settings = callSettings(options);
  const client = createMetastudioClient(
    {
      endpoint: options.endpoint ?? `https://metastudio.${region}.myhuaweicloud.com`,
      projectId,
      credentials,
      headers: (context) => appUserHeaders(options, context),
    },
    settings,
  );
  return {
    options,
    id: options.id ?? 'huawei-metastudio',
    singlePutMaxBytes: options.singlePutMaxBytes ?? fileMaxBytes,
    now: settings.now,
    tools: settings.retryTools,
    client,
  } as const;
}

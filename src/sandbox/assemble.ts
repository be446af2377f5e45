import type { SandboxContext } from './context.js';
import { defaultSettings, sandboxHuaweiAccount, type HuaweiAccount, type SandboxOptions } from './options.js';
import { createSandbox, type Sandbox } from './sandbox.js';
import type { ByteStore } from './store/byte-store.js';
import { EventOutbox } from './events/outbox.js';
import { ObjectStore } from './store/object-store.js';
import {
  defaultAlibabaSettings,
  sandboxAlibabaAccount,
  type AlibabaAccount,
} from './vendors/alibaba-vod/index.js';
import { defaultMetastudioSettings } from './vendors/huawei-metastudio/settings.js';
import { defaultS3Settings, sandboxS3Account, type S3Account } from './vendors/s3/account.js';
import { sandboxTencentAccount, type TencentAccount } from './vendors/tencent-vod/account.js';

/** Configuration for a token endpoint that uses the sandbox. */
export interface SandboxCredentials {
  alibabaVod: AlibabaAccount & { endpoint: string; ossEndpoint: string };
  huaweiVod: HuaweiAccount & { endpoint: string; iamEndpoint: string; obsEndpoint: string };
  /** The same account as `huaweiVod`. */
  huaweiMetastudio: HuaweiAccount & { endpoint: string; iamEndpoint: string };
  s3: S3Account & { endpoint: string; stsEndpoint: string };
  tencentVod: TencentAccount & { endpoint: string; cosOrigin: string };
}

/** The emulated clouds with the defaults filled in, whatever carries the requests to them. */
export function assembleSandbox(
  options: SandboxOptions,
  bytes: ByteStore,
  baseUrl: () => string,
): { sandbox: Sandbox; credentials: () => SandboxCredentials } {
  const { now = Date.now, processingMs = 1500 } = options;
  const { settings: alibabaSettings, ...alibabaFields } = options.alibaba ?? {};
  const alibaba: AlibabaAccount = { ...sandboxAlibabaAccount, ...alibabaFields };
  const huawei: HuaweiAccount = { ...sandboxHuaweiAccount, ...options.huawei };
  const { settings: s3Settings, ...s3Fields } = options.s3 ?? {};
  const s3: S3Account = { ...sandboxS3Account, ...s3Fields };
  const tencent: TencentAccount = { ...sandboxTencentAccount, ...options.tencent };
  const context: SandboxContext = {
    baseUrl,
    now,
    processingMs,
    settings: { ...defaultSettings, ...options.settings },
    store: new ObjectStore(bytes, now),
    events: new EventOutbox(options.events ?? {}, now),
  };
  const sandbox = createSandbox(context, {
    alibaba: { ...alibaba, settings: { ...defaultAlibabaSettings, ...alibabaSettings } },
    huawei: { ...huawei, metastudio: { ...defaultMetastudioSettings, ...options.metastudio } },
    s3: { ...s3, settings: { ...defaultS3Settings, ...s3Settings } },
    tencent,
  });
  const credentials = (): SandboxCredentials => {
    const url = baseUrl();
    return {
      alibabaVod: { ...alibaba, endpoint: url, ossEndpoint: url },
      huaweiVod: { ...huawei, endpoint: url, iamEndpoint: url, obsEndpoint: url },
      huaweiMetastudio: { ...huawei, endpoint: url, iamEndpoint: url },
      s3: { ...s3, endpoint: url, stsEndpoint: url },
      tencentVod: { ...tencent, endpoint: url, cosOrigin: url },
    };
  };
  return { sandbox, credentials };
}

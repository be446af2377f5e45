export {
  defaultSettings,
  sandboxHuaweiAccount,
  type HuaweiAccount,
  type SandboxOptions,
  type SandboxSettings,
} from './options.js';
export { defaultMetastudioSettings, type MetastudioSettings } from './vendors/huawei-metastudio/settings.js';
export {
  defaultS3Settings,
  sandboxS3Account,
  type S3Account,
  type S3Settings,
} from './vendors/s3/account.js';
export { sandboxTencentAccount, type TencentAccount } from './vendors/tencent-vod/account.js';
export {
  defaultAlibabaSettings,
  sandboxAlibabaAccount,
  type AlibabaAccount,
  type AlibabaSettings,
} from './vendors/alibaba-vod/settings.js';
export type { SandboxCredentials } from './assemble.js';
export { openSandbox, type LocalSandbox, type LocalSandboxOptions } from './open.js';
export { startSandbox, type RunningSandbox } from './start.js';
export type { FaultEffect, FaultMatch, FaultRule } from './faults.js';
export type { EventSwitches, EventTargets } from './events/settings.js';
export { vendorXmlStyle, type XmlStyle } from './http/xml-style.js';
export type { RequestEntry } from './request-log.js';
export type { MediaEntry } from './service.js';

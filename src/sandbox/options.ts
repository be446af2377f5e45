import type { AssetStatus } from '../vendors/huawei-vod.js';
import type { Clock } from './clock.js';
import type { AlibabaAccount, AlibabaSettings } from './vendors/alibaba-vod/settings.js';
import { defaultCosSettings, type CosSettings } from './vendors/cos/settings.js';
import type { MetastudioSettings } from './vendors/huawei-metastudio/settings.js';
import type { S3Account, S3Settings } from './vendors/s3/account.js';
import type { TencentAccount } from './vendors/tencent-vod/account.js';
import { defaultTencentSettings, type TencentSettings } from './vendors/tencent-vod/settings.js';

/**
 * What the vendors' pages leave open, or what a cloud may have configured either way. The defaults are the reading
 * that the pages support best; turn the others to see whether an uploader survives them.
 */
export interface SandboxSettings extends TencentSettings, CosSettings {
  /** Whether the buckets' CORS rules expose `ETag`. Off: the buckets belong to the cloud, and nobody promises it. */
  exposeETag: boolean;
  /** Whether refusals of the object store carry CORS headers. Without them a browser sees a dead connection. */
  corsOnErrors: boolean;
  /** Origins that the CORS rules name; `*` is any. */
  allowedOrigins: '*' | readonly string[];
  /** An upload body that stands still this long is answered 408 RequestTimeout. */
  idleTimeoutMs: number;
  /** How long the URLs live that VOD signs. The pages do not say. */
  urlLifetimeSeconds: number;
  /** Body and status of a refused authentication: the gateway's 401 APIGW.0301, or the service's 403 VOD.10054. */
  authErrors: 'gateway' | 'service';
  /** Lock an access key for five minutes after this many wrong signatures in a row; null never locks. */
  lockAfterFailures: number | null;
  /** Content-Type inside the single PUT's signature: the table's `video/quicktime`, `video/mov`, or either. */
  contentTypeSigned: 'table' | 'seed' | 'either';
  /** Whether a `video_md5` (cover, subtitle) given to VOD is signed into the upload URL as Content-MD5. */
  videoMd5Signed: boolean;
  /** Content-Type inside part and complete URLs: the fixed ones of the documented flow, or the one asked for. */
  authorityContentType: 'fixed' | 'given';
  /** Largest body that a VOD `video_upload_url` takes. "20 MB", read generously. */
  singlePutMaxBytes: number;
  /** A second confirm with the same status: refused with VOD.10126, or taken as the first. */
  confirmRepeat: '403' | '200';
  /** Whether the state rule of "Updating a Video" holds for the video only, or for covers and subtitles as well. */
  updateStates: 'video' | 'all';
  /** HTTP status of illegal parameters (VOD.10053): 403 in the pages' examples, 400 in the older list. */
  parameterErrorStatus: 403 | 400;
  /** ShowAssetMeta, asked for an unknown id: an entry with status NO_ASSET, or no entry. */
  unknownAsset: 'entry' | 'omit';
  /** Transcode every video (an account with a default template group), or only when the asset asks for it. */
  transcoding: 'always' | 'asked';
  /** Where processing ends instead of succeeding, e.g. `TRANSCODE_FAILED`. A fault rule can say it for one asset. */
  mediaStatus: AssetStatus | null;
}

export const defaultSettings: SandboxSettings = {
  ...defaultTencentSettings,
  ...defaultCosSettings,
  exposeETag: false,
  corsOnErrors: true,
  allowedOrigins: '*',
  idleTimeoutMs: 60_000,
  urlLifetimeSeconds: 3600,
  authErrors: 'gateway',
  lockAfterFailures: null,
  contentTypeSigned: 'table',
  videoMd5Signed: true,
  authorityContentType: 'fixed',
  singlePutMaxBytes: 20 * 1024 * 1024,
  confirmRepeat: '403',
  updateStates: 'video',
  parameterErrorStatus: 403,
  unknownAsset: 'entry',
  transcoding: 'always',
  mediaStatus: null,
};

/** What a tenant of the emulated Huawei Cloud holds. */
export interface HuaweiAccount {
  projectId: string;
  projectName: string;
  region: string;
  accessKey: string;
  secretKey: string;
  userName: string;
  password: string;
  domainName: string;
  /** A second, temporary pair: requests with it must sign X-Security-Token as well. */
  temporary: { accessKey: string; secretKey: string; securityToken: string };
}

/** Good for the sandbox only; no cloud knows them. */
export const sandboxHuaweiAccount: HuaweiAccount = {
  projectId: '05041fffa40025702f6dc009cc6f8f33',
  projectName: 'cn-north-4',
  region: 'cn-north-4',
  accessKey: 'SANDBOXHUAWEIKEY0001',
  secretKey: 'sandbox-huawei-secret-key-no-cloud-knows',
  userName: 'sandbox-user',
  password: 'sandbox-password',
  domainName: 'sandbox-domain',
  temporary: {
    accessKey: 'SANDBOXHUAWEITEMP001',
    secretKey: 'sandbox-huawei-temporary-secret-key-0001',
    securityToken: 'sandbox-security-token',
  },
};

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Default `127.0.0.1`: the sandbox is for this machine. */
  host?: string;
  /** Folder in which the sandbox makes a folder of its own for the bytes; default the system's. Removed on close. */
  dataDir?: string;
  /** From confirm to the final status; default 1500. */
  processingMs?: number;
  /** Default `Date.now`. Signatures, expiry and states are all judged by it. */
  now?: Clock;
  settings?: Partial<SandboxSettings>;
  huawei?: Partial<HuaweiAccount>;
  metastudio?: Partial<MetastudioSettings>;
  alibaba?: Partial<AlibabaAccount> & { settings?: Partial<AlibabaSettings> };
  s3?: Partial<S3Account> & { settings?: Partial<S3Settings> };
  tencent?: Partial<TencentAccount>;
}

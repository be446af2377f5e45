import type { AssetStatus } from '../vendors/huawei-vod.js';
import type { Clock } from './clock.js';
import type { EventTargets } from './events/settings.js';
import { defaultPullSettings, type PullSettings } from './pulls/settings.js';
import type { AlibabaAccount, AlibabaSettings } from './vendors/alibaba-vod/settings.js';
import { defaultCosSettings, type CosSettings } from './vendors/cos/settings.js';
import type { MetastudioSettings } from './vendors/huawei-metastudio/settings.js';
import type { S3Account, S3Settings } from './vendors/s3/account.js';
import type { TencentAccount } from './vendors/tencent-vod/account.js';
import { vendorXmlStyle, type XmlStyle } from './http/xml-style.js';
import { defaultTencentSettings, type TencentSettings } from './vendors/tencent-vod/settings.js';

/**
 * Behavior that the vendors' documentation leaves open, or that depends on configuration. The defaults follow the
 * documentation's best-supported reading; the other values test whether an uploader copes with them.
 */
export interface SandboxSettings extends TencentSettings, CosSettings, PullSettings {
  /** Whether the buckets' CORS rules expose `ETag`. Off by default: the vendor owns the buckets and does not document it. */
  exposeETag: boolean;
  /** Whether refusals of the object store carry CORS headers. Without them a browser reports a network error. */
  corsOnErrors: boolean;
  /** Origins that the CORS rules allow; `*` is any. */
  allowedOrigins: '*' | readonly string[];
  /** Origins, beside those on this machine, whose pages may use the control API `/__sandbox/`. */
  controlOrigins: readonly string[];
  /** How XML answers are written; the default is the emulated vendor's own style. */
  xmlStyle: XmlStyle;
  /** An upload body that sends nothing for this long is answered with 408 RequestTimeout. */
  idleTimeoutMs: number;
  /** Lifetime of the URLs that VOD signs; not documented. */
  urlLifetimeSeconds: number;
  /** Body and status of a refused authentication: the gateway's 401 APIGW.0301, or the service's 403 VOD.10054. */
  authErrors: 'gateway' | 'service';
  /** Lock an access key for five minutes after this many wrong signatures in a row; null never locks. */
  lockAfterFailures: number | null;
  /** Content-Type inside the single PUT's signature: the table's `video/quicktime`, `video/mov`, or either. */
  contentTypeSigned: 'table' | 'seed' | 'either';
  /**
   * Content-Type inside the signature of a cover of type JPG: `image/jpg` in the format that the page describes, the
   * registered `image/jpeg`, or either.
   */
  coverContentTypeSigned: 'jpg' | 'jpeg' | 'either';
  /** Whether a `video_md5` (cover, subtitle) given to VOD is signed into the upload URL as Content-MD5. */
  videoMd5Signed: boolean;
  /** Content-Type inside part and complete URLs: the fixed ones of the documented flow, or the one asked for. */
  authorityContentType: 'fixed' | 'given';
  /** Largest body that a VOD `video_upload_url` accepts. "20 MB", read as MiB. */
  singlePutMaxBytes: number;
  /** A second confirm with the same status: refused with VOD.10126, or accepted. */
  confirmRepeat: '403' | '200';
  /** Whether the state rule of "Updating a Video" holds for the video only, or for covers and subtitles as well. */
  updateStates: 'video' | 'all';
  /** HTTP status of illegal parameters (VOD.10053): 403 in the pages' examples, 400 in the older list. */
  parameterErrorStatus: 403 | 400;
  /** ShowAssetMeta, asked for an unknown id: an entry with status NO_ASSET, or no entry. */
  unknownAsset: 'entry' | 'omit';
  /** Transcode every video (an account with a default template group), or only when the asset asks for it. */
  transcoding: 'always' | 'asked';
  /** Final status of processing if not success, e.g. `TRANSCODE_FAILED`. A fault rule can set it for one asset. */
  mediaStatus: AssetStatus | null;
}

/** What the emulated Huawei Cloud VOD is set to. */
export const defaultSettings: SandboxSettings = {
  ...defaultTencentSettings,
  ...defaultCosSettings,
  ...defaultPullSettings,
  exposeETag: false,
  corsOnErrors: true,
  allowedOrigins: '*',
  controlOrigins: [],
  xmlStyle: vendorXmlStyle,
  idleTimeoutMs: 60_000,
  urlLifetimeSeconds: 3600,
  authErrors: 'gateway',
  lockAfterFailures: null,
  contentTypeSigned: 'table',
  coverContentTypeSigned: 'jpg',
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

/** Account of the emulated Huawei Cloud. */
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

/** Valid for the sandbox only. */
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

/** Options of the sandbox. */
export interface SandboxOptions {
  /** The default, 0, picks a free port. */
  port?: number;
  /** Default `127.0.0.1`: reachable from this machine only. */
  host?: string;
  /** Folder in which the sandbox creates its own temporary folder, removed on close; default: the system's. */
  dataDir?: string;
  /** Time from confirm to the final status; default 1500. */
  processingMs?: number;
  /** Default `Date.now`. Signatures, expiry and states all use it. */
  now?: Clock;
  settings?: Partial<SandboxSettings>;
  huawei?: Partial<HuaweiAccount>;
  metastudio?: Partial<MetastudioSettings>;
  alibaba?: Partial<AlibabaAccount> & { settings?: Partial<AlibabaSettings> };
  s3?: Partial<S3Account> & { settings?: Partial<S3Settings> };
  tencent?: Partial<TencentAccount>;
  /** Where the clouds send messages about media. Default: nowhere. */
  events?: EventTargets;
}

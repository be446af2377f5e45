import type { VodStatus } from '../../../vendors/alibaba-vod.js';

/** What a tenant of the emulated Alibaba Cloud holds. */
export interface AlibabaAccount {
  userId: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  /** A second, temporary key: requests with it must carry its token as well. Good for an hour from the sandbox's start. */
  temporary: { accessKeyId: string; accessKeySecret: string; securityToken: string };
  /** The transcoding template groups that exist. */
  templateGroupIds: readonly string[];
}

/** Good for the sandbox only; no cloud knows them. */
export const sandboxAlibabaAccount: AlibabaAccount = {
  userId: '1000000000000001',
  region: 'cn-shanghai',
  accessKeyId: 'LTAISANDBOXALIBABA0001',
  accessKeySecret: 'sandbox-alibaba-secret-no-cloud-kn',
  temporary: {
    accessKeyId: 'STS.NSANDBOXALIBABA0001',
    accessKeySecret: 'sandbox-alibaba-temporary-secret-1',
    securityToken: 'CAISsandboxTenantToken+/0001==',
  },
  templateGroupIds: ['sandbox-template-group'],
};

/** What the pages of ApsaraVideo VOD and OSS leave open, or what an account may have either way. */
export interface AlibabaSettings {
  /** Whether the credentials of an upload may list its parts. Their policy is unpublished, and no SDK ever lists. */
  allowListParts: boolean;
  /** Life of an upload's credentials. */
  stsLifetimeSeconds: number;
  /** `Endpoint` of an UploadAddress; null is the sandbox itself, with the bucket in the path. */
  ossEndpoint: string | null;
  /** Whether UploadAuth has `ExpireUTCTime` and `Region` beside the four keys that are always there. */
  authHasExpireTime: boolean;
  /** Whether RefreshUploadVideo answers with the same object key. Said to, and said not to. */
  refreshedKey: 'same' | 'another';
  /** What the store answers an expired temporary key. */
  expiredKeyCode: 'SecurityTokenExpired' | 'InvalidAccessKeyId';
  /** Whether somebody reports progress, so that GetUploadDetails has ratio, source, address and device. */
  progressReported: boolean;
  /** `UploadStatus` during a direct upload and after it; the pages show both spellings. */
  uploadStatusNames: readonly [running: string, done: string];
  /** Numbers of GetUploadDetails: as of 2026, or as quoted strings of the older sample. */
  detailsNumbers: 'number' | 'string';
  /** GetUploadDetails where no id is known: an answer that names them, or 404. */
  unknownMedia: '200' | '404';
  /** Ids that these keys may not look at, whether they exist or not. */
  forbiddenMediaIds: readonly string[];
  /** UpdateVideoInfo of a video that is still uploading ("only deletion is allowed"). */
  updateWhileUploading: '200' | '403';
  /** HTTP status of codes that the products' pages do not agree on. */
  throttlingStatus: 400 | 429;
  unknownKeyStatus: 404 | 403;
  /** Transcode every video; or none, so that only what a browser can play becomes `Normal`. */
  transcoding: 'always' | 'none';
  /** Where processing ends instead of succeeding. A fault rule on the completion can say it for one video. */
  mediaStatus: VodStatus | null;
}

export const defaultAlibabaSettings: AlibabaSettings = {
  allowListParts: false,
  stsLifetimeSeconds: 3000,
  ossEndpoint: null,
  authHasExpireTime: true,
  refreshedKey: 'same',
  expiredKeyCode: 'SecurityTokenExpired',
  progressReported: true,
  uploadStatusNames: ['Uploading', 'SUCCESS'],
  detailsNumbers: 'number',
  unknownMedia: '200',
  forbiddenMediaIds: [],
  updateWhileUploading: '403',
  throttlingStatus: 400,
  unknownKeyStatus: 404,
  transcoding: 'always',
  mediaStatus: null,
};

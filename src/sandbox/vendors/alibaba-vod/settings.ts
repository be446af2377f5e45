import type { VodStatus } from '../../../vendors/alibaba-vod.js';

/** Account of the emulated Alibaba Cloud. */
export interface AlibabaAccount {
  userId: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  /** A second, temporary key: requests must carry its token. Valid for an hour from the sandbox's start. */
  temporary: { accessKeyId: string; accessKeySecret: string; securityToken: string };
  /** The transcoding template groups that exist. */
  templateGroupIds: readonly string[];
}

/** Valid for the sandbox only. */
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

/** Behavior that the documentation of ApsaraVideo VOD and OSS leaves open, or that depends on the account. */
export interface AlibabaSettings {
  /** Whether the credentials of an upload may list its parts. Their policy is not published, and no SDK lists parts. */
  allowListParts: boolean;
  /** Lifetime of an upload's credentials. */
  stsLifetimeSeconds: number;
  /** `Endpoint` of an UploadAddress; null is the sandbox itself, with the bucket in the path. */
  ossEndpoint: string | null;
  /** Whether UploadAuth has `ExpireUTCTime` and `Region` beside the four keys that are always there. */
  authHasExpireTime: boolean;
  /** Whether RefreshUploadVideo answers with the same object key; the documentation says both. */
  refreshedKey: 'same' | 'another';
  /** The store's error code for an expired temporary key. */
  expiredKeyCode: 'SecurityTokenExpired' | 'InvalidAccessKeyId';
  /** Whether the client reports progress, so that GetUploadDetails has ratio, source, address and device. */
  progressReported: boolean;
  /** `UploadStatus` during and after a direct upload; the documentation shows both spellings. */
  uploadStatusNames: readonly [running: string, done: string];
  /** Numbers of GetUploadDetails: JSON numbers (2026), or strings as in the older sample. */
  detailsNumbers: 'number' | 'string';
  /** GetUploadDetails where no id is known: an answer that names them, or 404. */
  unknownMedia: '200' | '404';
  /** Ids that the account's keys may not read, existing or not. */
  forbiddenMediaIds: readonly string[];
  /** UpdateVideoInfo of a video that is still uploading ("only deletion is allowed"). */
  updateWhileUploading: '200' | '403';
  /** HTTP status of codes on which the documentation is inconsistent. */
  throttlingStatus: 400 | 429;
  unknownKeyStatus: 404 | 403;
  /** Transcode every video; or none, so that only what a browser can play becomes `Normal`. */
  transcoding: 'always' | 'none';
  /** Final status of processing if not success. A fault rule on the complete request can set it for one video. */
  mediaStatus: VodStatus | null;
}

/** What the emulated ApsaraVideo VOD is set to. */
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

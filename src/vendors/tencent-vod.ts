/**
 * Vendor constants of Tencent Cloud VOD (API 2018-07-17) and of the part of COS it uses. This file contains no logic:
 * the server (as the client) and the sandbox (as the cloud) implement their behavior independently.
 */

export const apiVersion = '2018-07-17';
export const apiService = 'vod';
export const intlHost = 'vod.intl.tencentcloudapi.com';
export const mainlandHost = 'vod.tencentcloudapi.com';

/** API 3.0, "Common Params". */
export const apiHeaders = {
  action: 'X-TC-Action',
  version: 'X-TC-Version',
  timestamp: 'X-TC-Timestamp',
  region: 'X-TC-Region',
  token: 'X-TC-Token',
  language: 'X-TC-Language',
} as const;

/** "Signature v3": name of the scheme, and the maximum clock difference. */
export const tc3 = { algorithm: 'TC3-HMAC-SHA256', maxSkewSeconds: 300 } as const;

/** "Upload Overview": values of `MediaType` and `CoverType`, which are file name extensions. */
export const videoTypes = [
  'wmv',
  'rm',
  'mov',
  'mpeg',
  'mp4',
  '3gp',
  'flv',
  'avi',
  'rmvb',
  'ts',
  'asf',
  'mpg',
  'webm',
  'mkv',
  'm3u8',
  'wm',
  'asx',
  'ram',
  'mpe',
  'vob',
  'dat',
  'mp4v',
  'm4v',
  'f4v',
  'mxf',
  'qt',
  'ogg',
] as const;
export const audioTypes = ['mp3', 'm4a', 'flac', 'ogg', 'wav', 'ra', 'aac', 'amr'] as const;
export const imageTypes = [
  'jpg',
  'jpeg',
  'png',
  'gif',
  'bmp',
  'tiff',
  'ai',
  'cdr',
  'eps',
  'tif',
  'heif',
] as const;

/** "ApplyUpload", input parameters. */
export const sourceContextMaxLength = 250;
export const sessionContextMaxLength = 1000;
/** "ModifyMediaInfo", `Name`; the page of ApplyUpload specifies no limit for `MediaName`. */
export const mediaNameMaxLength = 64;
/** "ModifyMediaInfo", `Description` and `AddTags`. */
export const descriptionMaxLength = 128;
export const tagMaxLength = 32;
export const tagsMaxCount = 16;
/** Characters that the vendor's web client removes from names. */
export const mediaNameForbidden = /[\\/:*?"<>|]/g;
/** "DescribeMediaInfos", `FileIds`. */
export const maxFileIds = 20;
/** "ApplyUpload": "A maximum of 100 requests can be initiated per second"; the other calls in use share this limit. */
export const requestsPerSecond = 100;

/** "DescribeMediaInfos", values of `Filters`, each of which selects a section of the reply. */
export const mediaSections = [
  'basicInfo',
  'metaData',
  'transcodeInfo',
  'animatedGraphicsInfo',
  'imageSpriteInfo',
  'snapshotByTimeOffsetInfo',
  'sampleSnapshotInfo',
  'keyFrameDescInfo',
  'adaptiveDynamicStreamingInfo',
  'miniProgramReviewInfo',
  'subtitleInfo',
  'reviewInfo',
  'mpsAiMediaInfo',
] as const;
export type MediaSection = (typeof mediaSections)[number];

/** "MediaBasicInfo", values of `Status`: the result of moderation, not the processing state. */
export const moderationStatuses = ['Normal', 'Forbidden'] as const;
export type ModerationStatus = (typeof moderationStatuses)[number];

/** "DeleteMedia", values of `DeleteParts[].Type`. */
export const deletePartTypes = [
  'OriginalFiles',
  'TranscodeFiles',
  'AdaptiveDynamicStreamingFiles',
  'WechatPublishFiles',
] as const;

/** COS, "Upload Part" and "PUT Object". */
export const minPartSizeBytes = 1024 * 1024;
export const maxPartSizeBytes = 5 * 1024 ** 3;
export const maxPartCount = 10_000;
export const maxPutBytes = 5 * 1024 ** 3;
/** COS, "List Parts": default and maximum of `max-parts`. */
export const maxListedParts = 1000;
/** Objects in one page of a bucket's list. */
export const maxListedKeys = 1000;
export const securityTokenName = 'x-cos-security-token';

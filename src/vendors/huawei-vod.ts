/**
 * Vendor constants of Huawei Cloud VOD and of the part of OBS it uses. This file contains no logic: the server (as the
 * client) and the sandbox (as the cloud) implement their behavior independently.
 */

export const vodPaths = {
  asset: (projectId: string) => `/v1.0/${projectId}/asset`,
  authority: (projectId: string, version: 'v1.0' | 'v1.1') => `/${version}/${projectId}/asset/authority`,
  confirm: (projectId: string) => `/v1.0/${projectId}/asset/status/uploaded`,
  details: (projectId: string) => `/v1.0/${projectId}/asset/details`,
  info: (projectId: string) => `/v1.0/${projectId}/asset/info`,
  pull: (projectId: string) => `/v1.0/${projectId}/asset/upload_by_url`,
} as const;

/** Values of `status` in the confirm call ("Confirming Media Asset Upload", table 3). */
export const confirmStatuses = ['CREATED', 'FAILED', 'CANCELLED'] as const;
export type ConfirmStatus = (typeof confirmStatuses)[number];

/** Values of `video_type` ("Updating a Video", table 3). */
export const updateVideoTypes = [
  'MP4',
  'TS',
  'MOV',
  'MXF',
  'MPG',
  'FLV',
  'WMV',
  'AVI',
  'M4V',
  'F4V',
  'MPEG',
  '3GP',
  'ASF',
  'MKV',
] as const;
/** Types that only the creation of an asset accepts: one more container, HLS, and audio. */
export const createOnlyTypes = [
  'WEBM',
  'HLS',
  'MP3',
  'OGG',
  'WAV',
  'WMA',
  'APE',
  'FLAC',
  'AAC',
  'AC3',
  'MMF',
  'AMR',
  'M4A',
  'M4R',
  'WV',
  'MP2',
] as const;
export const audioTypes = [
  'MP3',
  'OGG',
  'WAV',
  'WMA',
  'APE',
  'FLAC',
  'AAC',
  'AC3',
  'MMF',
  'AMR',
  'M4A',
  'M4R',
  'WV',
  'MP2',
] as const;

/** "upload_by_url": values of `video_type`. */
export const importTypes = [...updateVideoTypes, 'WEBM', 'M3U8', ...audioTypes] as const;
/** "upload_by_url": the most items of one call. */
export const pullMaxUrls = 16;

/** Values of `cover_type`, and of a subtitle's `type` ("Updating a Video", tables 3 and 4). */
export const coverTypes = ['JPG', 'PNG'] as const;
export const subtitleTypes = ['SRT', 'VTT'] as const;
/** Subtitle ids range from 1 to 16. */
export const maxSubtitles = 16;

/** Content-Type of a PUT to a returned video URL, by `video_type` (API reference, Example 1). */
export const videoContentTypes: Readonly<Record<string, string>> = {
  MP4: 'video/mp4',
  MOV: 'video/quicktime',
  MXF: 'application/mxf',
  TS: 'video/mp2t',
  FLV: 'video/flv',
  WMV: 'video/x-ms-wmv',
  AVI: 'video/x-msvideo',
  WEBM: 'video/webm',
  M4V: 'video/m4v',
  F4V: 'application/f4v',
  MPEG: 'video/mpeg',
  MPG: 'video/mpeg',
  M3U8: 'application/octet-stream',
  HLS: 'application/octet-stream',
  '3GP': 'video/3gpp',
  ASF: 'video/x-ms-asf',
  MKV: 'video/x-matroska',
  MPD: 'video/dash',
};

/**
 * `video_upload_url` accepts files up to this size; larger files need parts ("Updating a Video", table 5). The page says
 * 20 MB without specifying decimal or binary; this is the smaller value.
 */
export const singlePutMaxBytes = 20_000_000;
/** OBS: every part except the last must have at least 100 KB. */
export const minPartSizeBytes = 100 * 1024;
/** The part size that VOD recommends ("Example 2"); OBS accepts 5 GB. */
export const recommendedMaxPartSizeBytes = 20 * 1024 * 1024;
export const maxPartSizeBytes = 5 * 1024 ** 3;
export const maxPartCount = 10_000;
/** ListParts: default and maximum of `max-parts`. */
export const maxListedParts = 1000;
/** Objects in one page of a bucket's list. */
export const maxListedKeys = 1000;
/** Bytes of UTF-8. The international page allows 1,024 characters for the title; the smaller limit satisfies both. */
export const titleMaxBytes = 128;
export const videoNameMaxBytes = 128;
export const descriptionMaxBytes = 1024;
/** ShowAssetMeta: the maximum number of asset ids. */
export const infoMaxIds = 10;

/** Content-Type of the requests to OBS, by step of the multipart flow. */
export const partContentType = 'application/octet-stream';
export const completeContentType = 'application/xml';

export const assetStatuses = [
  'UNCREATED',
  'DELETED',
  'CANCELLED',
  'SERVER_ERROR',
  'UPLOAD_FAILED',
  'CREATING',
  'PUBLISHED',
  'WAITING_TRANSCODE',
  'TRANSCODING',
  'TRANSCODE_FAILED',
  'TRANSCODE_SUCCEED',
  'CREATED',
  'NO_ASSET',
  'NOASSET',
  'DELETING',
  'DELETE_FAILED',
  'OBS_CREATING',
  'OBS_CREATE_FAILED',
  'OBS_CREATE_SUCCESS',
] as const;
export type AssetStatus = (typeof assetStatuses)[number];

/** Business errors that the upload flow can receive (API reference, "Error Codes"). */
export const vodErrors = {
  'VOD.10051': 'Internal system error.',
  'VOD.10053': 'The request parameter is illegal, illegal field: {xx}.',
  'VOD.10054': 'Identity authentication failed.',
  'VOD.10057': 'The tenant ID is inconsistent with the credential.',
  'VOD.10058': 'The request method is incorrect.',
  'VOD.10059': 'The content type is incorrect.',
  'VOD.10061': 'The media asset is in a state that cannot be updated.',
  'VOD.10062': 'Media asset or resource does not exist, please check.',
  'VOD.10063': 'The media asset type is not supported.',
  'VOD.10064': 'Media asset classification does not exist, please check.',
  'VOD.10081': 'The request parameters are illegal, please check.',
  'VOD.10121': 'Failed to pull the media asset.',
  'VOD.10123': 'The pull task is running or being canceled and cannot be deleted.',
  'VOD.10126': 'The media asset is in a state that does not allow upload confirmation.',
  'VOD.10135': 'The media asset is not being uploaded.',
} as const;
export type VodErrorCode = keyof typeof vodErrors;

/** Errors of the API gateway in front of the service; the prefix is `APIGW.` or `APIG.`. */
export const gatewayErrors = {
  '0101': 404,
  '0201': 400,
  '0301': 401,
  '0302': 403,
  '0308': 429,
} as const;

/** SDK-HMAC-SHA256: names, and the maximum clock difference. */
export const signing = {
  algorithm: 'SDK-HMAC-SHA256',
  dateHeader: 'X-Sdk-Date',
  tokenHeader: 'X-Auth-Token',
  projectHeader: 'X-Project-Id',
  securityTokenHeader: 'X-Security-Token',
  contentHashHeader: 'X-Sdk-Content-Sha256',
  maxSkewMs: 15 * 60_000,
} as const;

/**
 * Vendor constants of ApsaraVideo VOD (API version 2017-03-21) and of the part of OSS it uses. This file contains no
 * logic: the server (as the client) and the sandbox (as the cloud) implement their behavior independently.
 */

export const vodVersion = '2017-03-21';
export const vodEndpoint = (region: string): string => `https://vod.${region}.aliyuncs.com`;
export const defaultRegion = 'cn-shanghai';

/** "Upload overview", formats: file name extensions that CreateUploadVideo accepts. */
export const videoExtensions = [
  'mp4',
  'ts',
  '3gp',
  'mpg',
  'mpeg',
  'mpe',
  'dat',
  'vob',
  'asf',
  'avi',
  'wmv',
  'flv',
  'f4v',
  'rm',
  'rmvb',
  'mov',
  'mkv',
  'm3u8',
  'dv',
  'gif',
  'm2t',
  'm4v',
  'mj2',
  'mjpeg',
  'mts',
  'ogg',
  'qt',
  'swf',
  'webm',
] as const;
export const audioExtensions = [
  'mp3',
  'wma',
  'wav',
  'aac',
  'ra',
  'm4a',
  'flac',
  'ape',
  'ac3',
  'amr',
  'caf',
  'acm',
] as const;
/** `ImageExt` of CreateUploadImage. */
export const imageExtensions = ['png', 'jpg', 'jpeg', 'gif'] as const;
/** `MediaExt` of CreateUploadAttachedMedia, by `BusinessType`. */
export const attachedExtensions = {
  subtitle: ['srt', 'ass', 'stl', 'ttml', 'vtt'],
  watermark: ['png', 'gif', 'apng', 'mov'],
  material: ['jpg', 'gif', 'png', 'mp4', 'mat', 'zip', 'apk'],
} as const;
export type BusinessType = keyof typeof attachedExtensions;

/** The template group that leaves videos as they are. From general knowledge, not from the vendor's pages at hand. */
export const untranscodedGroupId = 'VOD_NO_TRANSCODE';

/** Limits of CreateUploadVideo and related calls. The documentation counts characters; the error text counts bytes. */
export const titleMaxLength = 128;
export const descriptionMaxLength = 1024;
export const tagsMaxCount = 16;
export const tagMaxLength = 32;
export const cateIdsMaxCount = 5;
/** `Extend` inside `UserData`. */
export const extendMaxBytes = 512;
/** GetUploadDetails, GetVideoInfos, DeleteVideo: the maximum number of ids in one call. */
export const maxIds = 20;

/** "UploadMediaByURL": links of one call. */
export const pullMaxUrls = 20;
/** "GetURLUploadInfos", "CancelUrlUploadJobs": jobs, or links, of one call. */
export const urlJobMaxIds = 10;
/** "Basic structures", Status: the status of a URL-based upload job. */
export const urlJobStatuses = [
  'PENDING',
  'PROCESSING',
  'DOWNLOADING',
  'DOWNLOAD_SUCCESS',
  'DOWNLOAD_FAIL',
  'UPLOADING',
  'UPLOAD_SUCCESS',
  'UPLOAD_FAIL',
  'SUCCESS',
] as const;
export type UrlJobStatus = (typeof urlJobStatuses)[number];

/** "Basic structures", Status: the status of a video. */
export const mediaStatuses = [
  'Uploading',
  'UploadFail',
  'UploadSucc',
  'Transcoding',
  'TranscodeFail',
  'Checking',
  'Blocked',
  'Normal',
  'ProduceFail',
] as const;
export type VodStatus = (typeof mediaStatuses)[number];

/** "Error codes" of VOD: HTTP status and text. They include the errors of the API gateway. */
export const vodErrors = {
  AccessDenied: [400, 'The access is denied.'],
  AddVideoFailed: [503, 'Adding video has failed due to some unknown error.'],
  DeleteVideoFailed: [503, 'Deleting video has failed due to some unknown error.'],
  Forbidden: [403, 'User not authorized to operate on the specified resource.'],
  'Forbidden.AliyunVoDEncryption': [
    403,
    'Only the AliyunVoDEncryption stream exists, you must use the Aliyun player to play or set the value of ResultType to Multiple.',
  ],
  'Forbidden.IllegalStatus': [403, 'Status of the video is illegal. Current Status is %s.'],
  'Forbidden.InitFailed': [403, 'Initialization of your account has failed.'],
  IllegalCharacters: [400, 'The specified $Parameter contains illegal emoticon or special characters.'],
  InternalError: [500, 'The request processing has failed due to some unknown error.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidFile.NotFound': [404, 'The file does not exist.'],
  'InvalidFileName.Extension': [400, "The specified FileName's extension is illegal."],
  'InvalidParameter.SessionId': [400, 'The specified parameter SessionId was used before.'],
  'InvalidParameter.UploadURLs': [400, 'The specified parameter UploadURLs is not valid.'],
  'InvalidMultipartUpload.NotFound': [400, 'The multipart upload does not exist.'],
  InvalidParameter: [400, 'The specified parameter "%s" is not valid.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  'InvalidStorage.NotFound': [404, 'The StorageLocation does not exist.'],
  'InvalidTemplateGroupId.NotFound': [404, 'The TemplateGroupId does not exist.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  'InvalidVideo.Damaged': [400, 'The video has not been created or has been damaged.'],
  'InvalidVideo.NoneStream': [404, 'The playback stream does not exist according to your filter.'],
  'InvalidVideo.NotFound': [404, 'The video does not exist.'],
  LengthExceededMax: [400, 'The specified $Parameter length has exceeded $MaxLength bytes.'],
  'LimitExceeded.MediaIds': [400, 'The input parameter "MediaIds" Exceed the limit.'],
  MissingParameter: [
    400,
    'The input parameter "%s" that is mandatory for processing this request is not supplied.',
  ],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  NoPermission: [403, 'You are not authorized to do this operation.'],
  OperationDenied: [403, 'Your account does not open VOD service yet.'],
  'OperationDenied.Suspended': [403, 'Your VOD service is suspended.'],
  ServiceUnAvailable: [503, 'The request has failed due to a temporary failure of the server.'],
  SignatureDoesNotMatch: [400, 'Specified signature is not matched with our calculation.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  TagsExceededMax: [400, 'The specified Tags count has exceeded 16.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  VideoIdsExceededMax: [400, 'The VideoIds exceeds maximum.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;
export type VodErrorCode = keyof typeof vodErrors;

/** The documented lifetime of the credentials in an UploadAuth. */
export const stsLifetimeSeconds = 3000;

/** OSS, "Limits": the size of one PutObject and of one part. */
export const putMaxBytes = 5 * 1024 ** 3;
export const minPartSizeBytes = 100 * 1024;
export const maxPartSizeBytes = 5 * 1024 ** 3;
export const maxPartCount = 10_000;
/** "Upload overview": 48.8 TB. */
export const maxFileSizeBytes = maxPartCount * maxPartSizeBytes;
export const maxListedParts = 1000;
/** "GetBucket", `max-keys`. */
export const defaultListedKeys = 100;
export const maxListedKeys = 1000;
/** The maximum lifetime of a V4 URL. */
export const maxPresignSeconds = 604_800;

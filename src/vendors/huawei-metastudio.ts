/**
 * Vendor constants of Huawei Cloud MetaStudio ("Confirming the Upload of a File" and related pages). This file contains
 * no logic: the server (as the client) and the sandbox (as the cloud) implement their behavior independently.
 */
export const metastudioPaths = {
  assets: (projectId: string) => `/v1/${projectId}/digital-assets`,
  asset: (projectId: string, assetId: string) => `/v1/${projectId}/digital-assets/${assetId}`,
  files: (projectId: string) => `/v1/${projectId}/files`,
  largeFiles: (projectId: string) => `/v1/${projectId}/large-files`,
  file: (projectId: string, fileId: string) => `/v1/${projectId}/files/${fileId}`,
  complete: (projectId: string, fileId: string) => `/v1/${projectId}/files/${fileId}/complete`,
} as const;

export const appUserHeader = 'X-App-UserId';

/** Values of `state` ("Confirming the Upload of a File", table 3). */
export const completeStates = ['CREATED', 'FAILED', 'CANCELLED'] as const;
export type CompleteState = (typeof completeStates)[number];

export const assetStates = [
  'CREATING',
  'FAILED',
  'UNACTIVED',
  'ACTIVED',
  'DELETING',
  'DELETED',
  'BLOCK',
  'WAITING_DELETE',
] as const;
export type MetastudioAssetState = (typeof assetStates)[number];
export const fileStates = [
  'CREATING',
  'UPLOADED',
  'REVIEW',
  'CREATED',
  'FAILED',
  'CANCELLED',
  'DELETING',
  'DELETED',
  'BLOCK',
] as const;
export type MetastudioFileState = (typeof fileStates)[number];

export const assetTypes = [
  'VIDEO',
  'IMAGE',
  'PPT',
  'MUSIC',
  'AUDIO',
  'COMMON_FILE',
  'BUSINESS_CARD_TEMPLET',
  'VOICE_MODEL',
  'HUMAN_MODEL_2D',
] as const;
export const fileCategories = ['MAIN', 'COVER', 'PAGE', 'SAMPLE', 'OTHER', 'TEMPORARY', 'PACKAGE'] as const;
export const largeFileCategories = ['MAIN', 'OTHER', 'PACKAGE'] as const;
export const supportedServices = ['VIDEO_2D', 'LIVE_2D', 'CHAT_2D'] as const;

/** File name extensions of main files: video and audio. */
export const videoTypes = ['mp4', 'm4v', 'mkv', 'mov', 'flv', '3gp', 'wmv', 'avi', 'webm'] as const;
export const audioTypes = ['wav', 'mp3', 'm4a'] as const;
export const audioMaxBytes = 100 * 1024 ** 2;

/** CreateFile: the file is uploaded in one PUT. */
export const fileMaxBytes = 5 * 1024 ** 3;
/** CreateLargeFile: the file is uploaded in the requested number of PUTs. */
export const largeFileMaxBytes = 536_870_912_000;
export const largeFileMaxParts = 100;
export const uploadUrlHours = 24;

export const nameMaxCharacters = 256;
export const descriptionMaxCharacters = 4096;
export const maxTags = 50;
export const tagMaxCharacters = 128;
export const fileTypeMaxCharacters = 64;

/** Content-Type of the PUT to `upload_url`, by `file_type`; unlike VOD, all other types use octet-stream. */
export const fileContentTypes: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  mp4: 'video/mp4',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
};
export const otherContentType = 'application/octet-stream';

/** "Error Codes": HTTP status and text. */
export const metastudioErrors = {
  'MSS.00000001': [401, 'Unauthorized'],
  'MSS.00000002': [400, 'Invalid body'],
  'MSS.00000003': [400, 'Invalid parameter'],
  'MSS.00000004': [500, 'Internal Error'],
  'MSS.00010003': [400, 'SR.api not found'],
  'MSS.00010004': [400, 'SR.method not allowed'],
  'MSS.00010008': [400, 'Invalid token in the header.'],
  'MSS.00010009': [400, 'urlTenantId is not equal tokenTenantId'],
  'MSS.10000002': [400, 'Request JSON exception'],
  'MSS.10000003': [400, 'Parameter validation abnormal'],
  'MSS.10001001': [400, 'Asset not found'],
  'MSS.10001002': [400, 'Illegal URL parameter, please check'],
  'MSS.10001003': [400, 'The file type are empty, please check'],
  'MSS.10001004': [400, 'The file not found'],
  'MSS.10001005': [400, 'Asset name already exists'],
  'MSS.10001006': [400, 'Asset create job failed'],
  'MSS.10001007': [400, 'Asset file too large, please do not exceed 5242880 bytes'],
  'MSS.10001008': [400, 'Asset main file already exists'],
  'MSS.10001009': [400, 'Asset cover file already exists'],
} as const satisfies Record<string, readonly [number, string]>;
export type MetastudioErrorCode = keyof typeof metastudioErrors;

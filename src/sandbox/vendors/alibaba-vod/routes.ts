import type { Answer, VodCall } from './call.js';
import { deleteMultipartUpload, deleteVideo, updateVideoInfo } from './change-video.js';
import {
  createUploadAttachedMedia,
  createUploadImage,
  createUploadVideo,
  refreshUploadVideo,
} from './create-upload.js';
import { cancelUrlUploadJobs, getUrlUploadInfos, uploadMediaByUrl } from './upload-by-url.js';
import { getUploadDetails } from './upload-details.js';
import { getVideoList } from './video-list.js';
import { getMezzanineInfo, getPlayInfo, getVideoInfo, getVideoInfos } from './video-info.js';

/** The actions that are emulated, by the vendor's names. */
export const actions: Readonly<Record<string, (call: VodCall) => Answer | Promise<Answer>>> = {
  CreateUploadVideo: createUploadVideo,
  RefreshUploadVideo: refreshUploadVideo,
  CreateUploadImage: createUploadImage,
  CreateUploadAttachedMedia: createUploadAttachedMedia,
  GetUploadDetails: getUploadDetails,
  GetVideoInfo: getVideoInfo,
  GetVideoInfos: getVideoInfos,
  GetVideoList: getVideoList,
  GetMezzanineInfo: getMezzanineInfo,
  GetPlayInfo: getPlayInfo,
  UpdateVideoInfo: updateVideoInfo,
  DeleteVideo: deleteVideo,
  DeleteMultipartUpload: deleteMultipartUpload,
  UploadMediaByURL: uploadMediaByUrl,
  GetURLUploadInfos: getUrlUploadInfos,
  CancelUrlUploadJobs: cancelUrlUploadJobs,
};

/** Actions of the vendor that are not emulated. */
export const notEmulatedActions: ReadonlySet<string> = new Set([
  'RegisterMedia',
  'ReportUploadProgress',
  'GetUploadProgress',
  'SearchMedia',
  'GetVideoPlayAuth',
]);

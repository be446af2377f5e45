import {
  attachedExtensions,
  audioExtensions,
  imageExtensions,
  videoExtensions,
  type BusinessType,
} from '../../../vendors/alibaba-vod.js';
import { existingVideo, publicUrl, statusOf, type Answer, type VodCall } from './call.js';
import { VodError } from './errors.js';
import { attachedKey, imageKey, newMediaId, videoKey, type Video } from './media.js';
import { extensionOf } from './params.js';
import { uploadAuth } from './upload-auth.js';

const fileExtensions: readonly string[] = [...videoExtensions, ...audioExtensions];

/** "CreateUploadVideo": the media exists at once, as `Uploading`. */
export function createUploadVideo({ vod, params }: VodCall): Answer {
  const video = videoFields({ vod, params });
  vod.media.add(video);
  return { VideoId: video.mediaId, ...uploadAuth(vod, video.bucket, video.key) };
}

/** The video that such parameters describe. Throws the refusal. */
export function videoFields({ vod, params }: VodCall): Video {
  const title = params.title() ?? params.required('Title');
  const fileName = params.required('FileName');
  const extension = extensionOf(fileName);
  if (!fileExtensions.includes(extension)) throw new VodError('InvalidFileName.Extension');
  const [fileSize, cateId] = [params.integer('FileSize'), params.integer('CateId')];
  const templateGroupId = params.text('TemplateGroupId') ?? '';
  if (templateGroupId !== '' && !vod.account.templateGroupIds.includes(templateGroupId))
    throw new VodError('InvalidTemplateGroupId.NotFound');
  return {
    kind: 'video' as const,
    ...common({ vod, params }),
    title,
    fileName,
    templateGroupId,
    key: videoKey(extension),
    coverUrl: params.text('CoverURL') ?? '',
    workflowId: params.text('WorkflowId') ?? '',
    timeline: [],
    fileSize,
    cateId,
  };
}

/** "RefreshUploadVideo": new credentials, to resume an upload or to replace a stored file. */
export function refreshUploadVideo({ vod, params }: VodCall): Answer {
  const video = existingVideo(vod, params.required('VideoId'));
  if (statusOf(vod, video) === 'UploadFail') throw new VodError('InvalidVideo.Damaged');
  if (vod.settings.refreshedKey === 'another') video.key = videoKey(extensionOf(video.fileName));
  return { VideoId: video.mediaId, ...uploadAuth(vod, video.bucket, video.key) };
}

/** "CreateUploadImage". */
export function createUploadImage({ vod, params }: VodCall): Answer {
  params.required('ImageType');
  const imageType = params.oneOf('ImageType', ['default', 'cover']) ?? params.refuse('ImageType');
  const extension = params.oneOf('ImageExt', imageExtensions) ?? 'png';
  params.integer('CateId');
  const image = {
    kind: 'image' as const,
    ...common({ vod, params }),
    imageType,
    extension,
    key: imageKey(imageType, extension),
  };
  vod.media.add(image);
  return {
    ImageId: image.mediaId,
    ImageURL: publicUrl(vod, image.key),
    FileURL: fileUrl({ vod, params }, image.key),
    ...uploadAuth(vod, image.bucket, image.key),
  };
}

/** "CreateUploadAttachedMedia": watermarks, subtitles and materials. */
export function createUploadAttachedMedia({ vod, params }: VodCall): Answer {
  params.required('BusinessType');
  const businessType =
    params.oneOf('BusinessType', Object.keys(attachedExtensions) as BusinessType[]) ??
    params.refuse('BusinessType');
  const extension = (params.text('MediaExt') ?? extensionOf(params.text('FileName') ?? '')).toLowerCase();
  if (extension === '') throw new VodError('MissingParameter', 'MediaExt');
  if (!(attachedExtensions[businessType] as readonly string[]).includes(extension)) params.refuse('MediaExt');
  params.integer('FileSize');
  params.cateIds();
  const medium = {
    kind: 'attached' as const,
    ...common({ vod, params }),
    businessType,
    extension,
    key: attachedKey(businessType, extension),
  };
  vod.media.add(medium);
  return {
    MediaId: medium.mediaId,
    MediaURL: publicUrl(vod, medium.key),
    FileURL: fileUrl({ vod, params }, medium.key),
    ...uploadAuth(vod, medium.bucket, medium.key),
  };
}

/** Parameters that all four actions share. */
function common({ vod, params }: VodCall) {
  const storage = params.text('StorageLocation');
  if (storage !== undefined && storage !== `${vod.bucket}.oss-${vod.account.region}.aliyuncs.com`)
    throw new VodError('InvalidStorage.NotFound');
  const now = vod.context.now();
  return {
    mediaId: newMediaId(),
    bucket: vod.bucket,
    title: params.title() ?? '',
    description: params.description() ?? '',
    tags: params.tags() ?? '',
    appId: params.text('AppId') ?? 'app-1000000',
    userData: params.userData() ?? '',
    createdAt: now,
    modifiedAt: now,
  };
}

function fileUrl({ vod }: VodCall, key: string): string {
  return `http://${vod.bucket}.oss-${vod.account.region}.aliyuncs.com/${key}`;
}

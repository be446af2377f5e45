import { announceDeleted } from './events.js';
import { maxIds } from '../../../vendors/alibaba-vod.js';
import { existingVideo, statusOf, type Answer, type Vod, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Video } from './media.js';

/** "UpdateVideoInfo". While a video uploads, "only deletion is allowed"; enforced by a setting. */
export function updateVideoInfo({ vod, params }: VodCall): Answer {
  const video = existingVideo(vod, params.required('VideoId'));
  const status = statusOf(vod, video);
  if (status === 'Uploading' && vod.settings.updateWhileUploading === '403')
    throw new VodError('Forbidden.IllegalStatus', status);
  const cateId = params.integer('CateId');
  const changes = {
    title: params.title(),
    // Empty ones remove what was there.
    description: params.has('Description') ? (params.description() ?? '') : undefined,
    tags: params.has('Tags') ? (params.tags() ?? '') : undefined,
    coverUrl: params.text('CoverURL'),
    userData: params.userData(),
    cateId,
  };
  Object.assign(
    video,
    Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
  );
  video.modifiedAt = vod.context.now();
  return {};
}

/** "DeleteVideo": permanently, with its file and its parts; 404 where none exists. */
export async function deleteVideo({ vod, params }: VodCall): Promise<Answer> {
  params.required('VideoIds');
  const ids = params.list('VideoIds');
  if (ids.length > maxIds) throw new VodError('VideoIdsExceededMax');
  const isForbidden = (id: string): boolean => vod.settings.forbiddenMediaIds.includes(id);
  const unknown = ids.filter((id) => !isForbidden(id) && vod.media.video(id) === undefined);
  if (unknown.length === ids.length) throw new VodError('InvalidVideo.NotFound');
  for (const video of ids.filter((id) => !isForbidden(id)).map((id) => vod.media.video(id))) {
    if (!video) continue;
    vod.media.delete(video.mediaId);
    announceDeleted(vod, video);
    await dropFragments(vod, video);
    await vod.context.store.deleteObject(video.bucket, video.key);
  }
  return { NonExistVideoIds: unknown, ForbiddenVideoIds: ids.filter(isForbidden) };
}

/** "DeleteMultipartUpload": parts only. Missing media are 400 here, unlike in other actions. */
export async function deleteMultipartUpload({ vod, params }: VodCall): Promise<Answer> {
  const mediaId = params.required('MediaId');
  if (params.required('MediaType') !== 'video') params.refuse('MediaType');
  const video = vod.media.video(mediaId);
  if (!video) throw new VodError('InvalidVideo.NotFound', undefined, 400);
  if ((await dropFragments(vod, video)) === 0) throw new VodError('InvalidMultipartUpload.NotFound');
  return {};
}

async function dropFragments({ context: { store } }: Vod, { bucket, key }: Video): Promise<number> {
  const uploads = store.uploads().filter((upload) => upload.bucket === bucket && upload.key === key);
  for (const upload of uploads) await store.abort(upload);
  return uploads.length;
}

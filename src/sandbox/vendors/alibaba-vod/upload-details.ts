import { maxIds } from '../../../vendors/alibaba-vod.js';
import { statusOf, utc, type Answer, type Vod, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Video } from './media.js';

/** "GetUploadDetails": of audio and video only; forbidden and unknown ids are listed separately. */
export function getUploadDetails({ vod, params }: VodCall): Answer {
  params.required('MediaIds');
  const ids = params.list('MediaIds');
  if (ids.length > maxIds) throw new VodError('LimitExceeded.MediaIds');
  if ((params.text('MediaType') ?? 'video') !== 'video') params.refuse('MediaType');
  const isForbidden = (id: string): boolean => vod.settings.forbiddenMediaIds.includes(id);
  const seen = [...new Set(ids)].filter((id) => !isForbidden(id));
  const videos = seen.map((id) => vod.media.video(id)).filter((video) => video !== undefined);
  const unknown = seen.filter((id) => vod.media.video(id) === undefined);
  if (vod.settings.unknownMedia === '404' && unknown.length === ids.length)
    throw new VodError('InvalidVideo.NotFound');
  return {
    ForbiddenMediaIds: ids.filter(isForbidden),
    NonExistMediaIds: unknown,
    UploadDetails: videos.map((video) => describe(vod, video)),
  };
}

function describe(vod: Vod, video: Video): Answer {
  const { settings } = vod;
  const number = (value: number): number | string =>
    settings.detailsNumbers === 'string' ? String(value) : value;
  const uploadSize = storedBytes(vod, video);
  const fileSize = video.fileSize ?? uploadSize;
  const [running, done] = settings.uploadStatusNames;
  const isStored = video.storedAt !== undefined;
  const reported = {
    UploadSize: number(uploadSize),
    UploadRatio: number(fileSize > 0 ? Math.min(1, Number((uploadSize / fileSize).toFixed(3))) : 0),
    UploadSource: 'WebSDK',
    UploadIP: '127.0.0.1',
    DeviceModel: 'Chrome',
  };
  return {
    MediaId: video.mediaId,
    Title: video.title,
    Status: statusOf(vod, video),
    UploadStatus: isStored ? done : running,
    FileSize: number(fileSize),
    ...(settings.progressReported ? reported : {}),
    CreationTime: utc(video.createdAt),
    ModificationTime: utc(video.modifiedAt),
    CompletionTime: video.storedAt === undefined ? undefined : utc(video.storedAt),
  };
}

/** Size of the stored object, else of the parts stored so far. */
function storedBytes({ context: { store } }: Vod, { bucket, key }: Video): number {
  const object = store.findObject(bucket, key);
  if (object) return object.sizeBytes;
  return store
    .uploads()
    .filter((upload) => upload.bucket === bucket && upload.key === key)
    .flatMap((upload) => [...upload.parts.values()])
    .reduce((sum, part) => sum + part.sizeBytes, 0);
}

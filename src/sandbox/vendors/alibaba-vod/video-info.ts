import { maxIds } from '../../../vendors/alibaba-vod.js';
import { readMp4Info } from '../../store/mp4.js';
import { existingVideo, publicUrl, statusOf, utc, type Answer, type Vod, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Video } from './media.js';

/** "GetVideoInfo". Snapshots are an object here, and a list in "GetVideoInfos". */
export async function getVideoInfo({ vod, params }: VodCall): Promise<Answer> {
  const video = existingVideo(vod, params.required('VideoId'));
  const more = {
    RegionId: vod.account.region,
    AuditStatus: 'Normal',
    Snapshots: { Snapshot: [] },
    ReferenceId: '',
  };
  return { Video: { ...(await videoFields(vod, video)), ...more } };
}

/** "GetVideoInfos": up to 20; 404 where none exists. */
export async function getVideoInfos({ vod, params }: VodCall): Promise<Answer> {
  params.required('VideoIds');
  const ids = [...new Set(params.list('VideoIds'))];
  if (ids.length > maxIds) throw new VodError('VideoIdsExceededMax');
  const videos = ids.map((id) => vod.media.video(id)).filter((video) => video !== undefined);
  if (videos.length === 0) throw new VodError('InvalidVideo.NotFound');
  return {
    VideoList: await Promise.all(
      videos.map(async (video) => ({ ...(await videoFields(vod, video)), Snapshots: [] })),
    ),
    NonExistVideoIds: ids.filter((id) => vod.media.video(id) === undefined),
  };
}

/** "GetMezzanineInfo": the documented way to check whether an upload is stored. */
export async function getMezzanineInfo({ vod, params }: VodCall): Promise<Answer> {
  const video = existingVideo(vod, params.required('VideoId'));
  const object = vod.context.store.findObject(video.bucket, video.key);
  const outputType = params.oneOf('OutputType', ['oss', 'cdn']) ?? 'cdn';
  const info = await mp4InfoOf(vod, video);
  return {
    Mezzanine: {
      VideoId: video.mediaId,
      FileName: video.fileName,
      FileURL: publicUrl(vod, video.key),
      Size: object?.sizeBytes ?? 0,
      OutputType: outputType,
      Status: video.storedAt === undefined ? 'Uploading' : 'Normal',
      CreationTime: utc(video.createdAt),
      StorageClass: 'Standard',
      PreprocessStatus: 'UnPreprocess',
      Duration: String(info.duration ?? ''),
      Bitrate: info.bitrate ?? '',
      Fps: info.fps ?? '',
      Width: info.width ?? 0,
      Height: info.height ?? 0,
    },
  };
}

/** "GetPlayInfo": one output, the stored file itself, as if it were transcoded. */
export async function getPlayInfo({ vod, params }: VodCall): Promise<Answer> {
  const video = existingVideo(vod, params.required('VideoId'));
  params.oneOf('OutputType', ['oss', 'cdn']);
  params.oneOf('ResultType', ['single', 'multiple']);
  const status = statusOf(vod, video);
  if (status !== 'Normal') throw new VodError('Forbidden.IllegalStatus', status);
  const object = vod.context.store.findObject(video.bucket, video.key);
  const formats = params.list('Formats');
  const format = video.key.split('.').at(-1) ?? '';
  if (!object || (formats.length > 0 && !formats.includes(format)))
    throw new VodError('InvalidVideo.NoneStream');
  const { duration, width, height, bitrate, fps, codec } = await mp4InfoOf(vod, video);
  const measures = {
    Duration: duration?.toString(),
    Width: width,
    Height: width === undefined ? undefined : height,
    Bitrate: bitrate,
    Fps: fps,
    CodecName: codec,
  };
  const stream = {
    JobId: video.mediaId,
    PlayURL: publicUrl(vod, video.key),
    Format: format,
    Definition: 'OD',
    StreamType: 'video',
    Status: 'Normal',
    Size: object.sizeBytes,
    Encrypt: 0,
    ...measures,
    CreationTime: utc(video.createdAt),
    ModificationTime: utc(video.modifiedAt),
  };
  return {
    VideoBase: {
      VideoId: video.mediaId,
      Title: video.title,
      CoverURL: video.coverUrl,
      Status: status,
      CreationTime: utc(video.createdAt),
      MediaType: 'video',
      StorageClass: 'Standard',
      Duration: duration?.toString(),
    },
    PlayInfoList: { PlayInfo: [stream] },
  };
}

async function videoFields(vod: Vod, video: Video): Promise<Answer> {
  const object = vod.context.store.findObject(video.bucket, video.key);
  const { duration } = await mp4InfoOf(vod, video);
  return {
    VideoId: video.mediaId,
    Title: video.title,
    Description: video.description,
    Duration: duration ?? 0,
    CoverURL: video.coverUrl,
    Status: statusOf(vod, video),
    CreationTime: utc(video.createdAt),
    ModificationTime: utc(video.modifiedAt),
    Size: object?.sizeBytes ?? 0,
    CateId: video.cateId,
    CateName: video.cateId === undefined ? undefined : 'Sandbox',
    Tags: video.tags,
    TemplateGroupId: video.templateGroupId,
    StorageLocation: `${video.bucket}.oss-${vod.account.region}.aliyuncs.com`,
    StorageClass: 'Standard',
    AppId: video.appId,
    DownloadSwitch: 'on',
    UserData: video.userData,
  };
}

interface VideoMeasures {
  /** Seconds. */
  duration?: number;
  width?: number;
  height?: number;
  /** UNCERTAIN: kbit/s, as text. */
  bitrate?: string;
  /** As text. */
  fps?: string;
  codec?: string;
}

/** Read from the file; absent when unknown. */
async function mp4InfoOf({ context: { store } }: Vod, { bucket, key }: Video): Promise<VideoMeasures> {
  const object = store.findObject(bucket, key);
  if (!object) return {};
  const { durationMs, width, height, videoBitsPerSecond, frameRate, videoCodec } = await readMp4Info(object);
  return {
    duration: durationMs === undefined ? undefined : durationMs / 1000,
    width: height === undefined ? undefined : width,
    height: width === undefined ? undefined : height,
    bitrate: videoBitsPerSecond === undefined ? undefined : (videoBitsPerSecond / 1000).toFixed(3),
    fps: frameRate?.toString(),
    codec: videoCodec,
  };
}

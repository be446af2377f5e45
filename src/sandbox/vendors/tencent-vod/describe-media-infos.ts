import { maxFileIds, mediaSections, type MediaSection } from '../../../vendors/tencent-vod.js';
import { readMp4Info } from '../../store/mp4.js';
import { deliveryUrl, type Action, type Vod } from './call.js';
import { coverUrlOf } from './commit-upload.js';
import { TencentError } from './errors.js';
import { isProcessed, renditionName } from './states.js';
import type { Upload } from './uploads.js';

type Section = (vod: Vod, upload: Upload) => unknown;

/** "DescribeMediaInfos": sections that were not requested, or have no data, are null. */
export const describeMediaInfos: Action = {
  parameters: { FileIds: 'strings!', SubAppId: 'integer', Filters: 'strings' },
  needsRegion: false,
  async handle({ vod, parameters, subAppId }) {
    const ids = parameters.texts('FileIds') ?? [];
    if (ids.length === 0) throw new TencentError('InvalidParameterValue.FileIdsEmpty');
    if (ids.length > maxFileIds) throw new TencentError('InvalidParameterValue.FileIdsOverLimit');
    if (ids.some((id) => !/^\d{1,20}$/.test(id))) throw new TencentError('InvalidParameterValue.FileIds');
    const filters = parameters.texts('Filters');
    if (filters?.some((name) => !mediaSections.some((section) => section === name)))
      throw new TencentError('InvalidParameter');
    const found = [...new Set(ids)].map((id) => vod.uploads.media(id, subAppId) ?? id);
    const media = found.filter((one) => typeof one !== 'string');
    return {
      MediaInfoSet: await Promise.all(media.map((upload) => mediaInfo(vod, upload, filters))),
      NotExistFileIdSet: found.filter((one) => typeof one === 'string'),
    };
  },
};

const sections: Readonly<Partial<Record<MediaSection, Section>>> = {
  basicInfo,
  metaData: (vod, upload) => (isProcessed(vod, upload) ? metaData(vod, upload) : null),
  transcodeInfo: (vod, upload) =>
    isProcessed(vod, upload) && upload.applied.text('Procedure') !== undefined
      ? transcodeInfo(vod, upload)
      : null,
};

async function mediaInfo(
  vod: Vod,
  upload: Upload,
  filters: readonly string[] | undefined,
): Promise<Record<string, unknown>> {
  const wanted = mediaSections.map(async (name) => {
    const isWanted = filters === undefined || filters.includes(name);
    return [
      name === 'mpsAiMediaInfo' ? 'MPSAiMediaInfo' : name.charAt(0).toUpperCase() + name.slice(1),
      isWanted ? ((await sections[name]?.(vod, upload)) ?? null) : null,
    ] as const;
  });
  return { FileId: upload.fileId, ...Object.fromEntries(await Promise.all(wanted)) };
}

function basicInfo(vod: Vod, upload: Upload): Record<string, unknown> {
  const {
    applied,
    fileId,
    region,
    mediaKey,
    createdAt,
    committedAt = createdAt,
    moderation,
    modified,
  } = upload;
  const type = applied.required('MediaType');
  return {
    Name: modified?.MediaName ?? applied.text('MediaName') ?? '',
    Description: modified?.Description ?? '',
    CreateTime: iso(createdAt),
    UpdateTime: iso(committedAt),
    ExpireTime: applied.text('ExpireTime') ?? '9999-12-31T23:59:59Z',
    ClassId: applied.integer('ClassId') ?? 0,
    ClassName: 'Other',
    ClassPath: 'Other',
    CoverUrl: coverUrlOf(vod, upload),
    Type: type,
    MediaUrl: deliveryUrl(vod, mediaKey),
    SourceInfo: {
      SourceType: 'Upload',
      SourceContext: applied.text('SourceContext') ?? '',
      LiveRecordInfo: null,
      TrtcRecordInfo: null,
      WebPageRecordInfo: null,
    },
    StorageRegion: region,
    StoragePath: `/${mediaKey}`,
    Vid: fileId,
    TagSet: modified?.Tags ?? [],
    Category: ['mp3', 'm4a', 'flac', 'wav', 'ra', 'aac', 'amr'].includes(type) ? 'Audio' : 'Video',
    Status: moderation,
    StorageClass: 'STANDARD',
  };
}

async function metaData(
  { context }: Vod,
  { bucket, mediaKey }: Upload,
): Promise<Record<string, unknown> | null> {
  const object = context.store.findObject(bucket, mediaKey);
  if (!object) return null;
  const info = await readMp4Info(object);
  const { durationMs = 0, width = 0, height = 0, videoCodec = 'h264' } = info;
  const seconds = durationMs / 1000;
  return {
    Size: object.sizeBytes,
    Container: 'mov,mp4,m4a,3gp,3g2,mj2',
    Bitrate: seconds > 0 ? Math.round((object.sizeBytes * 8) / seconds) : 0,
    Height: height,
    Width: width,
    Duration: seconds,
    Rotate: info.rotation ?? 0,
    VideoStreamSet:
      width > 0
        ? [
            {
              Bitrate: info.videoBitsPerSecond ?? 0,
              Height: height,
              Width: width,
              Codec: videoCodec,
              Fps: Math.round(info.frameRate ?? 0),
              CodecTag: videoCodec === 'hevc' ? 'hvc1' : 'avc1',
              DynamicRangeInfo: { Type: 'SDR', HDRType: '' },
            },
          ]
        : [],
    AudioStreamSet:
      info.audioCodec === undefined
        ? []
        : [
            {
              Bitrate: info.audioBitsPerSecond,
              SamplingRate: info.samplingRate,
              Codec: info.audioCodec,
            },
          ],
    VideoDuration: seconds,
    AudioDuration: info.audioCodec === undefined ? 0 : seconds,
    Md5: '',
  };
}

/** The original under definition 0, and one rendition with the same bytes. */
async function transcodeInfo(vod: Vod, upload: Upload): Promise<Record<string, unknown>> {
  const data = await metaData(vod, upload);
  const entry = (definition: number, key: string) => ({
    Url: deliveryUrl(vod, key),
    Definition: definition,
    Bitrate: data?.['Bitrate'],
    Height: data?.['Height'],
    Width: data?.['Width'],
    Size: data?.['Size'],
    Duration: data?.['Duration'],
    Md5: '',
    Container: data?.['Container'],
    VideoStreamSet: data?.['VideoStreamSet'],
    AudioStreamSet: data?.['AudioStreamSet'],
    DigitalWatermarkType: 'None',
    CopyRightWatermarkText: '',
    BlindWatermarkDefinition: 0,
    FileId: upload.fileId,
  });
  return { TranscodeSet: [entry(0, upload.mediaKey), entry(100030, renditionName(upload.mediaKey))] };
}

function iso(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

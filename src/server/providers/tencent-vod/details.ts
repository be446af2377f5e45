import * as v from 'valibot';
import type { MediaDetails, MediaStatus } from '../../../protocol/index.js';
import type { ModerationStatus } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { compact, type Compact } from '../../kit/fields.js';
import { optionalNumber, optionalText, text } from './wire.js';

const basicInfoSchema = v.looseObject({
  CreateTime: optionalText,
  CoverUrl: optionalText,
  Type: optionalText,
  MediaUrl: optionalText,
  Status: optionalText,
});
const metaDataSchema = v.looseObject({
  Size: optionalNumber,
  Duration: optionalNumber,
  Width: optionalNumber,
  Height: optionalNumber,
});
const transcodeSchema = v.looseObject({
  Url: optionalText,
  Definition: optionalNumber,
  Container: optionalText,
});
const adaptiveSchema = v.looseObject({ Url: optionalText, Package: optionalText });

export const mediaInfoSchema = v.looseObject({
  FileId: text,
  BasicInfo: v.nullish(basicInfoSchema),
  MetaData: v.nullish(metaDataSchema),
  TranscodeInfo: v.nullish(v.looseObject({ TranscodeSet: v.nullish(v.array(transcodeSchema)) })),
  AdaptiveDynamicStreamingInfo: v.nullish(
    v.looseObject({ AdaptiveDynamicStreamingSet: v.nullish(v.array(adaptiveSchema)) }),
  ),
});
export type MediaInfo = v.InferOutput<typeof mediaInfoSchema>;

export const mediaInfosSchema = v.object({
  MediaInfoSet: v.nullish(v.array(mediaInfoSchema), []),
  NotExistFileIdSet: v.nullish(v.array(v.string()), []),
});

/**
 * "DescribeMediaInfos" has no field that says how far processing is. Its metadata are filled when the file has been
 * read, and outputs appear when they are made; `Status` only says what moderation thinks.
 */
type Progress = 'bare' | 'read' | 'transcoded';

const statuses: Readonly<Record<ModerationStatus, Readonly<Record<Progress, MediaStatus>>>> = {
  Normal: { bare: 'processing', read: 'ready', transcoded: 'ready' },
  Forbidden: { bare: 'failed', read: 'failed', transcoded: 'failed' },
};

export interface DetailsOptions {
  readonly provider: string;
  readonly readyWhen: 'metadata' | 'renditions';
}

export function toMediaDetails(
  info: MediaInfo,
  { provider, readyWhen }: DetailsOptions,
): MediaDetails | EndpointError {
  const moderation = info.BasicInfo?.Status || 'Normal';
  if (!isModerationStatus(moderation))
    return new EndpointError('vendor-invalid-reply', {
      detail: 'DescribeMediaInfos: an undocumented status',
    });
  const progress = progressOf(info);
  const mapped = statuses[moderation][progress];
  const status =
    mapped === 'ready' && readyWhen === 'renditions' && progress !== 'transcoded' ? 'processing' : mapped;
  return {
    mediaId: info.FileId,
    provider,
    status,
    ...measures(info),
    ...addresses(info),
    failure:
      status === 'failed' ? { code: moderation, reason: 'The service has forbidden this media.' } : undefined,
    vendor: info,
  };
}

function isModerationStatus(status: string): status is ModerationStatus {
  return Object.hasOwn(statuses, status);
}

function progressOf(info: MediaInfo): Progress {
  if (renditions(info).length > 0) return 'transcoded';
  // An image or a broken file has a size and no duration.
  return info.MetaData && (info.MetaData.Size || info.MetaData.Duration) ? 'read' : 'bare';
}

function measures({ BasicInfo: basic, MetaData: data }: MediaInfo): Partial<MediaDetails> {
  return withoutZeros({
    sizeBytes: data?.Size,
    durationSeconds: data?.Duration,
    width: data?.Width,
    height: data?.Height,
    createdAt: basic?.CreateTime,
  });
}

/** Adaptive outputs first, single ones next, the original last. */
function addresses(info: MediaInfo): Pick<MediaDetails, 'coverUrl' | 'playUrls'> {
  const { BasicInfo: basic } = info;
  const playUrls = renditions(info);
  if (basic?.MediaUrl)
    playUrls.push({ url: basic.MediaUrl, format: (basic.Type || extensionOf(basic.MediaUrl)).toLowerCase() });
  return withoutZeros({ coverUrl: basic?.CoverUrl, playUrls: playUrls.length > 0 ? playUrls : undefined });
}

/** Definition 0 is the original, which is listed under its own address already. */
function renditions({
  TranscodeInfo: single,
  AdaptiveDynamicStreamingInfo: adaptive,
}: MediaInfo): { url: string; format: string }[] {
  return [
    ...(adaptive?.AdaptiveDynamicStreamingSet ?? []).map(({ Url, Package }) => ({
      url: Url ?? '',
      format: (Package ?? '').toLowerCase(),
    })),
    ...(single?.TranscodeSet ?? [])
      .filter(({ Definition }) => Definition !== 0)
      .map(({ Url }) => ({ url: Url ?? '', format: extensionOf(Url ?? '') })),
  ].filter(({ url }) => url !== '');
}

/** The container's own name is that of a family, as in `mov,mp4,m4a,3gp,3g2,mj2`: the address says it better. */
function extensionOf(url: string): string {
  const extension = /\.([a-z0-9]+)(\?.*)?$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return extension === 'm3u8' ? 'hls' : extension === 'mpd' ? 'dash' : extension;
}

/** Without what is absent, and without zeros: the service says 0 of what it has not measured. */
function withoutZeros<T extends Record<string, unknown>>(fields: T): Compact<T> {
  return compact(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0))) as Compact<T>;
}

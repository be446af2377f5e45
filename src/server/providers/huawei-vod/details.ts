import * as v from 'valibot';
import type { MediaDetails, MediaStatus } from '../../../protocol/index.js';
import type { AssetStatus } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { compact } from '../../kit/fields.js';
import { vendorOf } from '../../kit/refusal.js';
import { optionalText } from './wire.js';

const optionalNumber = v.nullish(v.number());

const mediaDataSchema = v.looseObject({
  duration: optionalNumber,
  duration_ms: optionalNumber,
  video_size: optionalNumber,
  width: optionalNumber,
  height: optionalNumber,
  /** The older, misspelt name of `height`. */
  hight: optionalNumber,
});

const baseInfoSchema = v.looseObject({
  title: optionalText,
  create_time: optionalText,
  video_type: optionalText,
  video_url: optionalText,
  meta_data: v.nullish(mediaDataSchema),
  cover_info_array: v.nullish(v.array(v.looseObject({ cover_url: optionalText }))),
});

const playInfoSchema = v.looseObject({
  play_type: optionalText,
  url: optionalText,
  meta_data: v.nullish(mediaDataSchema),
});

export const assetInfoSchema = v.looseObject({
  asset_id: v.string(),
  status: v.string(),
  description: optionalText,
  base_info: v.nullish(baseInfoSchema),
  play_info_array: v.nullish(v.array(playInfoSchema)),
});
export type AssetInfo = v.InferOutput<typeof assetInfoSchema>;

export const assetInfosSchema = v.object({ asset_info_array: v.nullish(v.array(assetInfoSchema), []) });

/** "Querying Media Assets", values of `status`. `missing`: the service does not know the id. */
const statuses: Readonly<Record<AssetStatus, MediaStatus | 'missing'>> = {
  CREATING: 'uploading',
  CREATED: 'ready',
  WAITING_TRANSCODE: 'processing',
  TRANSCODING: 'processing',
  TRANSCODE_SUCCEED: 'ready',
  TRANSCODE_FAILED: 'failed',
  PUBLISHED: 'ready',
  CANCELLED: 'failed',
  UPLOAD_FAILED: 'failed',
  SERVER_ERROR: 'failed',
  DELETING: 'failed',
  DELETED: 'failed',
  DELETE_FAILED: 'failed',
  OBS_CREATING: 'processing',
  OBS_CREATE_FAILED: 'failed',
  OBS_CREATE_SUCCESS: 'ready',
  UNCREATED: 'missing',
  NO_ASSET: 'missing',
  NOASSET: 'missing',
};

export interface DetailsOptions {
  readonly provider: string;
  /** Transcoding was requested, so an asset that is only uploaded is not ready yet. */
  readonly isTranscoded: boolean;
}

export function toMediaDetails(
  info: AssetInfo,
  { provider, isTranscoded }: DetailsOptions,
): MediaDetails | EndpointError {
  const mapped = isAssetStatus(info.status) ? statuses[info.status] : undefined;
  if (mapped === undefined)
    return new EndpointError('vendor-invalid-reply', {
      detail: 'query assets: an undocumented status',
      vendor: vendorOf({ code: info.status }),
    });
  if (mapped === 'missing')
    return new EndpointError('media-not-found', { vendor: vendorOf({ code: info.status }) });
  const status = info.status === 'CREATED' && isTranscoded ? 'processing' : mapped;
  return {
    mediaId: info.asset_id,
    provider,
    status,
    ...measures(info),
    ...addresses(info),
    failure: status === 'failed' ? { code: info.status, reason: info.description || info.status } : undefined,
    vendor: info,
  };
}

/** The state of an asset with regard to the confirmation of its upload. */
export type UploadOutcome = 'open' | 'uploaded' | 'ended' | 'missing';

/** Tells whether a confirmation whose reply was lost had reached the service. */
export function uploadOutcome(status: string): UploadOutcome {
  if (status === 'CREATING') return 'open';
  if (isAssetStatus(status) && statuses[status] === 'missing') return 'missing';
  return ['CANCELLED', 'UPLOAD_FAILED', 'SERVER_ERROR', 'DELETED'].includes(status) ? 'ended' : 'uploaded';
}

function isAssetStatus(status: string): status is AssetStatus {
  return Object.hasOwn(statuses, status);
}

/** The original's measures; where only an output has them, the output's. */
function measures(
  info: AssetInfo,
): Pick<MediaDetails, 'sizeBytes' | 'durationSeconds' | 'width' | 'height' | 'createdAt'> {
  const data = info.base_info?.meta_data ?? info.play_info_array?.[0]?.meta_data ?? {};
  const durationSeconds = data.duration_ms ? data.duration_ms / 1000 : data.duration;
  const createdAt = toIso(info.base_info?.create_time);
  return compact({
    sizeBytes: data.video_size,
    durationSeconds,
    width: data.width,
    height: data.height || data.hight,
    createdAt,
  });
}

const formatRank = ['hls', 'dash', 'mp4'];

/** Adaptive outputs first (their first entry is the master playlist), the original last. */
function addresses({
  base_info: base,
  play_info_array: outputs,
}: AssetInfo): Pick<MediaDetails, 'coverUrl' | 'playUrls'> {
  const rank = (format: string) =>
    (formatRank.indexOf(format) + formatRank.length + 1) % (formatRank.length + 1);
  const playUrls = (outputs ?? [])
    .flatMap(({ url, play_type }) => (url ? [{ url, format: (play_type ?? '').toLowerCase() }] : []))
    .sort((a, b) => rank(a.format) - rank(b.format));
  if (base?.video_url) playUrls.push({ url: base.video_url, format: (base.video_type ?? '').toLowerCase() });
  const coverUrl = base?.cover_info_array?.[0]?.cover_url;
  return compact({ coverUrl, playUrls: playUrls.length > 0 ? playUrls : undefined });
}

/** `yyyymmddhhmmss`, UTC. */
function toIso(time: string | null | undefined): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

import { compactDate } from '../../clock.js';
import { readMp4Info } from '../../store/mp4.js';
import { coverKey, subtitleKey, type Asset } from './assets.js';
import { currentStatus, type Vod } from './call.js';
import { isPlayable } from './states.js';

/** `meta_data` of the answers: read from the file, absent when unknown. */
export type MetaData = Record<string, string | number | undefined>;

export interface BaseInfo extends Record<string, unknown> {
  meta_data: MetaData;
}

/** `base_info` ("Querying Media Asset Details"): shared by both reads. */
export async function baseInfo(vod: Vod, asset: Asset): Promise<BaseInfo> {
  const { projectId, region } = vod.account;
  const source = { bucket: asset.bucket, location: region, object: asset.objectKey };
  const coverUrl =
    asset.coverType === undefined
      ? undefined
      : playUrl(vod, asset, coverKey(projectId, asset.assetId, asset.coverType));
  return {
    title: asset.title,
    video_name: asset.videoName,
    description: asset.description,
    category_id: asset.categoryId,
    category_name: 'Other',
    create_time: compactDate(asset.createdAt),
    last_modified: compactDate(asset.modifiedAt),
    video_type: asset.videoType,
    tags: asset.tags,
    meta_data: await metaData(vod, asset),
    video_url: playUrl(vod, asset, asset.objectKey) ?? null,
    cover_info_array: coverUrl === undefined ? [] : [{ cover_url: coverUrl }],
    subtitle_info: asset.subtitles.map(({ id, type, language }) => ({
      url: playUrl(vod, asset, subtitleKey(projectId, asset.assetId, { id, type })) ?? null,
      id,
      type,
      language,
    })),
    source_path: source,
    // The documentation's examples have the misspelled field too.
    sourch_path: source,
  };
}

/** One output: the stored file itself, as soon as it is playable. */
export function playInfo(vod: Vod, asset: Asset, meta: MetaData): Record<string, unknown>[] {
  if (!isPlayable(currentStatus(vod, asset))) return [];
  const url = playUrl(vod, asset, asset.objectKey);
  return url === undefined
    ? []
    : [{ play_type: 'mp4', group_id: 'source', group_name: 'source', url, encrypted: 0, meta_data: meta }];
}

/** A temporary URL of the object store. */
export function signedUrl(vod: Vod, asset: Asset): string | null {
  if (!vod.context.store.findObject(asset.bucket, asset.objectKey)) return null;
  return vod.signer.url({
    method: 'GET',
    bucket: asset.bucket,
    key: asset.objectKey,
    subResources: [],
    headers: {},
  });
}

/** Address at the delivery network: unsigned, readable from any page. */
function playUrl(vod: Vod, asset: Asset, key: string): string | undefined {
  if (!vod.context.store.findObject(asset.bucket, key)) return undefined;
  const rest = key.split('/').slice(2).join('/');
  return `${vod.context.baseUrl()}/vod-cdn/${asset.assetId}/${rest}`;
}

/** UNCERTAIN: `H.264` and `H_264` both occur; the other names follow the first. */
const codecNames: Readonly<Record<string, string>> = { h264: 'H.264', hevc: 'H.265' };

async function metaData(vod: Vod, asset: Asset): Promise<MetaData> {
  const object = vod.context.store.findObject(asset.bucket, asset.objectKey);
  if (!object) return {};
  const info = await readMp4Info(object);
  const meta: MetaData = {
    pack_type: asset.videoType,
    video_size: object.sizeBytes,
    codec: info.videoCodec && (codecNames[info.videoCodec] ?? info.videoCodec.toUpperCase()),
    frame_rate: info.frameRate,
    bit_rate: kilobits(info.videoBitsPerSecond),
    audio_codec: info.audioCodec?.toUpperCase(),
    audio_channels: info.audioChannels,
  };
  if (info.width !== undefined && info.height !== undefined)
    Object.assign(meta, { width: info.width, hight: info.height, height: info.height });
  if (info.durationMs !== undefined)
    Object.assign(meta, {
      duration: Math.max(1, Math.floor(info.durationMs / 1000)),
      duration_ms: info.durationMs,
    });
  return meta;
}

/** UNCERTAIN: the unit of `bit_rate` is not known; kbit/s, as at MetaStudio. */
function kilobits(bitsPerSecond: number | undefined): number | undefined {
  return bitsPerSecond === undefined ? undefined : Math.round(bitsPerSecond / 1000);
}

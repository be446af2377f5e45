import * as v from 'valibot';
import {
  assetTypes,
  descriptionMaxCharacters,
  maxTags,
  nameMaxCharacters,
  supportedServices,
  tagMaxCharacters,
} from '../../../vendors/huawei-metastudio.js';
import { firstValue } from '../../http/encoding.js';
import { json, type Reply } from '../../http/reply.js';
import { readMp4Info } from '../../store/mp4.js';
import { readBody, type Studio, type StudioCall } from './call.js';
import { MetastudioError, requestId } from './errors.js';
import { assetStateOf, fileStateOf, type AssetRecord, type FileRecord } from './library.js';

const assetSchema = v.object({
  asset_name: v.pipe(v.string(), v.maxLength(nameMaxCharacters)),
  asset_type: v.picklist(assetTypes),
  asset_description: v.optional(v.pipe(v.string(), v.maxLength(descriptionMaxCharacters)), ''),
  tags: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.maxLength(tagMaxCharacters))), v.maxLength(maxTags)),
    [],
  ),
  system_properties: v.optional(
    v.array(v.object({ action: v.picklist(['ADD', 'DELETE']), key: v.string(), value: v.string() })),
    [],
  ),
  supported_service: v.optional(v.array(v.picklist(supportedServices))),
  is_need_generate_cover: v.optional(v.boolean()),
});

/** "Creating a Digital Asset". */
export function createAsset(call: StudioCall): Reply {
  const { studio, appUserId } = call;
  const fields = readBody(assetSchema, call, 'MSS.10000003');
  // "Ordinary users cannot upload."
  if (fields.asset_type === 'VOICE_MODEL' || fields.asset_type === 'HUMAN_MODEL_2D')
    throw new MetastudioError('MSS.10000003');
  const now = studio.context.now();
  const asset = studio.library.addAsset({
    name: fields.asset_name,
    type: fields.asset_type,
    description: fields.asset_description,
    tags: fields.tags,
    appUserId,
    createdAt: now,
    modifiedAt: now,
    systemProperties: fields.system_properties.map(({ key, value }) => ({ key, value })),
  });
  return json(200, { asset_id: asset.assetId, produce_id: asset.assetId }, requestId());
}

/** "Querying Digital Asset Details". */
export async function showAsset({ studio, id }: StudioCall): Promise<Reply> {
  const asset = studio.library.asset(id);
  const files = studio.library.filesOf(id);
  return json(
    200,
    {
      project_id: studio.account.projectId,
      asset_id: asset.assetId,
      produce_id: asset.assetId,
      asset_name: asset.name,
      asset_description: asset.description,
      app_user_id: asset.appUserId,
      create_time: new Date(asset.createdAt).toISOString(),
      update_time: new Date(asset.modifiedAt).toISOString(),
      asset_type: asset.type,
      asset_state: assetState(studio, asset),
      tags: asset.tags,
      system_properties: asset.systemProperties,
      asset_extra_meta: await extraMeta(studio, files),
      files: files.map((file) => describeFile(studio, file)),
    },
    requestId(),
  );
}

/** "Querying the Asset List": by state and time of creation. */
export function listAssets({ studio, query }: StudioCall): Reply {
  const wanted = firstValue(query, 'asset_state')?.split(',');
  const [from, to] = ['start_time', 'end_time'].map((name) => Date.parse(firstValue(query, name) ?? ''));
  const limit = Number(firstValue(query, 'limit') ?? '10');
  const offset = Number(firstValue(query, 'offset') ?? '0');
  if (!(limit >= 1 && limit <= 100) || !(offset >= 0)) throw new MetastudioError('MSS.10000003');
  const direction = firstValue(query, 'sort_dir') === 'asc' ? 1 : -1;
  const assets = [...studio.library.assets.values()]
    .filter(({ isDeleted }) => !isDeleted)
    .filter((asset) => wanted === undefined || wanted.includes(assetState(studio, asset)))
    // A bound that is not given compares as false.
    .filter(({ createdAt }) => !(createdAt < (from ?? NaN)) && !(createdAt > (to ?? NaN)))
    .sort((a, b) => direction * (a.createdAt - b.createdAt));
  return json(
    200,
    {
      count: assets.length,
      assets: assets.slice(offset, offset + limit).map((asset) => ({
        asset_id: asset.assetId,
        asset_name: asset.name,
        asset_type: asset.type,
        asset_state: assetState(studio, asset),
        create_time: new Date(asset.createdAt).toISOString(),
      })),
    },
    requestId(),
  );
}

/** "Deleting an Asset": recycle bin and permanent deletion have the same effect here. */
export function deleteAsset({ studio, id }: StudioCall): Reply {
  studio.library.asset(id).isDeleted = true;
  return { status: 200, headers: requestId() };
}

export function assetState({ library, context, settings }: Studio, { assetId }: AssetRecord): string {
  const main = library.filesOf(assetId).findLast(({ category }) => category === 'MAIN');
  return assetStateOf(
    main && fileStateOf(main, context.now(), context.processingMs),
    settings.stateAfterComplete,
  );
}

function describeFile({ context, signer, bucket }: Studio, file: FileRecord): Record<string, unknown> {
  const isThere = context.store.findObject(bucket, file.key) !== undefined && file.end?.kind === 'completed';
  return {
    file_id: file.fileId,
    file_name: file.name,
    file_md5: file.md5,
    file_size: file.sizeBytes,
    file_type: file.type,
    asset_file_category: file.category,
    state: fileStateOf(file, context.now(), context.processingMs),
    download_url: isThere
      ? signer.url({ method: 'GET', bucket, key: file.key, subResources: [], headers: {} })
      : '',
  };
}

/** Only when the confirm asked for it, and only for readable files. */
async function extraMeta(
  { context, bucket }: Studio,
  files: readonly FileRecord[],
): Promise<Record<string, unknown>> {
  const main = files.find(
    ({ category, end }) => category === 'MAIN' && end?.kind === 'completed' && end.isAnalysed,
  );
  const object = main && context.store.findObject(bucket, main.key);
  if (!object) return {};
  const info = await readMp4Info(object);
  const { width, height, durationMs } = info;
  if (durationMs === undefined) return {};
  const kilobits = (bitsPerSecond = 0) => Math.round(bitsPerSecond / 1000);
  return {
    video_meta: {
      video_codec: info.videoCodec,
      frame_rate: info.frameRate?.toString(),
      video_bit_rate: kilobits(info.videoBitsPerSecond),
      audio_codec: info.audioCodec,
      audio_bit_rate: kilobits(info.audioBitsPerSecond),
      audio_channels: info.audioChannels,
      sample: info.samplingRate,
      duration: Math.max(1, Math.floor(durationMs / 1000)),
      width: width ?? 0,
      height: height ?? 0,
      mode: (width ?? 0) < (height ?? 0) ? 'Vertical' : 'Horizontal',
    },
  };
}

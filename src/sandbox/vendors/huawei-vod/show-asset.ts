import { infoMaxIds, type AssetStatus } from '../../../vendors/huawei-vod.js';
import { compactDate } from '../../clock.js';
import { allValues, firstValue } from '../../http/encoding.js';
import { json, type Reply } from '../../http/reply.js';
import type { Asset } from './assets.js';
import { currentStatus, liveAsset, type VodCall } from './call.js';
import { baseInfo, playInfo, signedUrl } from './asset-info.js';
import { VodError } from './errors.js';
import { transcodeStatusAt } from './states.js';

/** "Querying Media Asset Information" (ShowAssetMeta): has the overall status. */
export async function showAssetMeta(call: VodCall): Promise<Reply> {
  const { vod, query } = call;
  const ids = allValues(query, 'asset_id')
    .flatMap((value) => value.split(','))
    .filter((id) => id !== '');
  if (ids.length > infoMaxIds) throw new VodError('VOD.10053', 'asset_id');
  if (ids.length === 0) return await listAssets(call);
  const entries = await Promise.all(
    ids.map(async (id) => {
      const asset = vod.assets.find(id);
      if (asset) return [await describe(call, asset)];
      return vod.context.settings.unknownAsset === 'entry'
        ? [{ asset_id: id, status: 'NO_ASSET', description: 'Asset does not exist' }]
        : [];
    }),
  );
  const infos = entries.flat();
  return json(200, { asset_info_array: infos, is_truncated: 0, total: infos.length });
}

/** Without ids: newest first, by page. */
async function listAssets(call: VodCall): Promise<Reply> {
  const { vod, query } = call;
  const page = wholeNumber(firstValue(query, 'page') ?? '0', 0, Number.MAX_SAFE_INTEGER, 'page');
  const size = wholeNumber(firstValue(query, 'size') ?? '10', 1, 100, 'size');
  const wanted = allValues(query, 'status');
  const words = firstValue(query, 'query_string');
  const since = firstValue(query, 'start_time');
  const all = vod.assets
    .all()
    .filter((asset) => asset.phase.kind !== 'deleted')
    .filter(({ title }) => words === undefined || title.includes(words))
    .filter(({ createdAt }) => since === undefined || compactDate(createdAt) >= since)
    .filter((asset) => wanted.length === 0 || wanted.includes(currentStatus(vod, asset)))
    .sort((a, b) => b.createdAt - a.createdAt);
  const infos = await Promise.all(
    all.slice(page * size, (page + 1) * size).map((asset) => describe(call, asset)),
  );
  return json(200, {
    asset_info_array: infos,
    is_truncated: all.length > (page + 1) * size ? 1 : 0,
    total: all.length,
  });
}

/** "Querying Media Asset Details" (ShowAssetDetail). It has no overall status. */
export async function showAssetDetail({ vod, query }: VodCall): Promise<Reply> {
  const assetId = firstValue(query, 'asset_id');
  if (assetId === undefined || assetId === '') throw new VodError('VOD.10053', 'asset_id');
  const wanted = allValues(query, 'categories')
    .flatMap((value) => value.split(','))
    .filter((name) => name !== '');
  const stranger = wanted.find((name) => !categories.includes(name));
  if (stranger !== undefined) throw new VodError('VOD.10053', 'categories');
  const asset = liveAsset(vod, assetId);
  const base = await baseInfo(vod, asset);
  const details: Record<string, unknown> = {
    base_info: { ...base, sign_url: signedUrl(vod, asset) },
    transcode_info: {
      output: playInfo(vod, asset, base.meta_data).map((output) => ({ ...output, quality: 'FULL_HD' })),
      transcode_status: transcodeStatusAt(asset, vod.context.now()),
    },
    thumbnail_info: { thumbnail_status: 'UN_THUMBNAIL' },
    review_info: { review_status: 'UN_REVIEW' },
  };
  const shown = wanted.length === 0 ? categories : wanted;
  return json(200, {
    asset_id: asset.assetId,
    ...Object.fromEntries(shown.map((name) => [name, details[name]])),
  });
}

const categories = ['base_info', 'transcode_info', 'thumbnail_info', 'review_info'];

async function describe({ vod }: VodCall, asset: Asset): Promise<Record<string, unknown>> {
  const status = currentStatus(vod, asset);
  const base = await baseInfo(vod, asset);
  return {
    asset_id: asset.assetId,
    status,
    description: descriptionOf(status),
    is_multi_transcode: 0,
    base_info: base,
    play_info_array: playInfo(vod, asset, base.meta_data),
  };
}

/** Descriptive text, like the example "Asset meta is published". */
function descriptionOf(status: AssetStatus): string {
  return `Asset meta is ${status.toLowerCase().replaceAll('_', ' ')}`;
}

function wholeNumber(text: string, min: number, max: number, name: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new VodError('VOD.10053', name);
  return value;
}

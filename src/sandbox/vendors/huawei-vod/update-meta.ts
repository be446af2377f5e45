import { descriptionMaxBytes } from '../../../vendors/huawei-vod.js';
import type { Reply } from '../../http/reply.js';
import { liveAsset, readJson, type VodCall } from './call.js';
import { readCategory, readTags, readTitle } from './create-asset.js';

/** "Modifying Media Asset Attributes" (UpdateAssetMeta): what is absent stays. Answered by 204. */
export function updateMeta(call: VodCall): Reply {
  const { vod } = call;
  const fields = readJson(call);
  const asset = liveAsset(vod, fields.requiredText('asset_id'));
  if (fields.has('title')) asset.title = readTitle(fields);
  asset.description = fields.text('description', descriptionMaxBytes) ?? asset.description;
  if (fields.has('category_id')) asset.categoryId = readCategory(fields);
  if (fields.has('tags')) asset.tags = readTags(fields);
  asset.modifiedAt = vod.context.now();
  return { status: 204 };
}

import { hasProblem } from '../../kit/refusal.js';
import type { CallContext, UnfinishedUpload } from '../../provider.js';
import { listMaxAssets, type MetastudioClient } from './client.js';

/** More than a sweep that runs every day ever finds. */
const maxPages = 100;

/** Assets that wait for their main file. */
export async function listUnfinished(
  client: MetastudioClient,
  before: number,
  context: CallContext,
): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  const endTime = new Date(before).toISOString();
  for (let page = 0; page < maxPages; page++) {
    const assets = await client.creating(page * listMaxAssets, endTime, context);
    for (const { asset_id: id, asset_state: state, create_time: time } of assets) {
      const startedAt = Date.parse(time ?? '');
      if (state === 'CREATING' && startedAt < before) found.push({ kind: 'media', id, startedAt });
    }
    if (assets.length < listMaxAssets) break;
  }
  return found;
}

export async function discardUnfinished(
  client: MetastudioClient,
  { id }: UnfinishedUpload,
  context: CallContext,
): Promise<boolean> {
  try {
    // The list may be older than the last upload.
    if ((await client.showAsset(id, context)).asset_state !== 'CREATING') return false;
    await client.deleteAsset(id, context);
  } catch (error) {
    if (!hasProblem(error, 'media-not-found')) throw error;
  }
  return true;
}

import { hasProblem } from '../../kit/refusal.js';
import type { CallContext, UnfinishedUpload } from '../../provider.js';
import { infoMaxPage, type VodClient } from './client.js';
import { confirmUpload } from './confirm.js';

/** More than a sweep that runs every day ever finds. */
const maxPages = 100;

/** Assets that wait for their file. The vendor's multipart uploads end with their asset. */
export async function listUnfinished(
  vod: VodClient,
  before: number,
  context: CallContext,
): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  for (let page = 0; page < maxPages; page++) {
    const assets = await vod.creating(page, compactTime(before), context);
    for (const { asset_id: id, status, base_info: base } of assets) {
      const startedAt = readCompactTime(base?.create_time ?? '');
      if (status === 'CREATING' && startedAt < before) found.push({ kind: 'media', id, startedAt });
    }
    if (assets.length < infoMaxPage) break;
  }
  return found;
}

/** Reported as failed first, which the service refuses for an asset that was confirmed meanwhile. */
export async function discardUnfinished(
  vod: VodClient,
  { id }: UnfinishedUpload,
  context: CallContext,
): Promise<boolean> {
  try {
    await confirmUpload(vod, id, 'failed', context);
  } catch (error) {
    if (hasProblem(error, 'media-state-conflict')) return false;
    if (!hasProblem(error, 'media-not-found')) throw error;
    return true;
  }
  await vod.remove(id, context);
  return true;
}

/** `yyyyMMddHHmmss`, UTC. */
export function compactTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '');
}

function readCompactTime(text: string): number {
  const digits = text.replace(/\D/g, '');
  const iso = digits.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}).*$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

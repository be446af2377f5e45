import type { ConfirmStatus } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import type { CallContext } from '../../provider.js';
import type { VodClient } from './client.js';
import { uploadOutcome, type UploadOutcome } from './status.js';

export type UploadEnd = 'uploaded' | 'failed' | 'canceled';

/** "Confirming Media Asset Upload", table 3. */
const confirmStatus: Readonly<Record<UploadEnd, ConfirmStatus>> = {
  uploaded: 'CREATED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
};

/**
 * Tells VOD how an upload ended. The page does not say what a repeated call answers, so where a call may have
 * arrived (no answer, 5xx, or a state that allows no confirmation any more) the asset is queried: if it is still open,
 * it is confirmed once more; otherwise its state decides.
 */
export async function confirmUpload(
  vod: VodClient,
  assetId: string,
  end: UploadEnd,
  context: CallContext,
): Promise<void> {
  const wanted: UploadOutcome = end === 'uploaded' ? 'uploaded' : 'ended';
  for (let attempt = 1; ; attempt++) {
    try {
      return await vod.confirm(assetId, confirmStatus[end], context);
    } catch (error) {
      if (!mayHaveArrived(error)) throw error;
      const outcome = await readOutcome(vod, assetId, context);
      if (outcome === wanted) return;
      if (outcome !== 'open') throw outcomeError(outcome, error);
      if (attempt === maxAttempts) throw error;
    }
  }
}

const maxAttempts = 2;

/** The asset's present state. An unknown id is `missing`, as in the service's own answers. */
export async function readOutcome(
  vod: VodClient,
  assetId: string,
  context: CallContext,
): Promise<UploadOutcome> {
  const info = (await vod.infos([assetId], context)).find((one) => one.asset_id === assetId);
  return info ? uploadOutcome(info.status) : 'missing';
}

export function outcomeError(outcome: UploadOutcome, cause: unknown): EndpointError {
  if (outcome === 'missing') return new EndpointError('media-not-found', { cause });
  return new EndpointError('media-state-conflict', {
    detail:
      outcome === 'ended'
        ? 'The upload of this asset was reported as failed or cancelled.'
        : 'The upload of this asset was confirmed already.',
    cause,
  });
}

function mayHaveArrived(error: unknown): error is EndpointError {
  return hasProblem(error, 'vendor-unavailable', 'media-state-conflict');
}

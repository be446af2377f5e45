import type { ConfirmStatus } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import type { CallContext } from '../../provider.js';
import { askUntil, type RetryTools } from '../../retry.js';
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
async function readOutcome(vod: VodClient, assetId: string, context: CallContext): Promise<UploadOutcome> {
  const info = (await vod.infos([assetId], context)).find((one) => one.asset_id === assetId);
  return info ? uploadOutcome(info.status) : 'missing';
}

/**
 * The state of an asset whose upload was perhaps completed. No call reads the object, and an asset with a whole object
 * looks like one with none until it is confirmed: so it is confirmed, and then asked how it stands, a few times, since
 * the service may take a moment to notice.
 */
export async function outcomeOfUnheard(
  { vod, tools }: Asking,
  assetId: string,
  context: CallContext,
): Promise<UploadOutcome> {
  const before = await readOutcome(vod, assetId, context);
  if (before !== 'open') return before;
  await vod.confirm(assetId, confirmStatus.uploaded, context).catch((error: unknown) => {
    if (!mayHaveArrived(error)) throw error;
  });
  return outcomeWhenSaid({ vod, tools }, assetId, context);
}

/**
 * A confirmation is accepted before the service has looked for the file, and with a single PUT nothing else has looked:
 * the asset has to say that the file is there.
 */
export async function expectUploaded(setup: Asking, assetId: string, context: CallContext): Promise<void> {
  const outcome = await outcomeWhenSaid(setup, assetId, context);
  if (outcome === 'uploaded') return;
  if (outcome === 'open') throw notSaidYet();
  throw new EndpointError('upload-not-found', { detail: 'The service did not find the file.' });
}

/** Retryable: a repeated call asks again. */
export function notSaidYet(cause?: unknown): EndpointError {
  return new EndpointError('vendor-unavailable', {
    detail: 'confirm asset: the service does not say yet whether it has the file',
    cause,
  });
}

interface Asking {
  readonly vod: VodClient;
  readonly tools: RetryTools;
}

function outcomeWhenSaid(
  { vod, tools }: Asking,
  assetId: string,
  context: CallContext,
): Promise<UploadOutcome> {
  return askUntil(
    () => readOutcome(vod, assetId, context),
    (outcome) => outcome !== 'open',
    tools,
    context,
  );
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

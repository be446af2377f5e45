import type { CompleteState } from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import type { Setup } from './setup.js';
import { stateOf, type HuaweiMetastudioState } from './state.js';
import { uploadOutcome, type UploadOutcome } from './status.js';

export type UploadEnd = 'uploaded' | 'failed' | 'canceled';

/** "Confirming the Upload of a File", `state`. */
const completeStates: Readonly<Record<UploadEnd, CompleteState>> = {
  uploaded: 'CREATED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
};

const maxAttempts = 2;

/**
 * Tells MetaStudio how an upload ended. The page does not say what a repeated call answers: where one may have arrived,
 * the file's own state decides.
 */
export async function confirmUpload(
  { client, options: { autoMetaAnalysis } }: Setup,
  session: Session<HuaweiMetastudioState>,
  end: UploadEnd,
  context: CallContext,
): Promise<void> {
  const { fileId } = stateOf(session);
  const wanted: UploadOutcome = end === 'uploaded' ? 'uploaded' : 'ended';
  const state = completeStates[end];
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.completeFile(fileId, { state, autoMetaAnalysis }, context);
    } catch (error) {
      if (!hasProblem(error, 'vendor-unavailable', 'vendor-refused', 'upload-not-found')) throw error;
      const outcome = uploadOutcome(await client.showAsset(mediaIdOf(session), context), fileId);
      if (outcome === wanted) return;
      if (outcome !== 'open') throw outcomeError(outcome, error);
      if (attempt === maxAttempts || error.code === 'vendor-refused') throw error;
    }
  }
}

function outcomeError(outcome: UploadOutcome, cause: unknown): EndpointError {
  if (outcome === 'missing') return new EndpointError('media-not-found', { cause });
  return new EndpointError('media-state-conflict', {
    detail: 'The upload of this file was confirmed otherwise.',
    cause,
  });
}

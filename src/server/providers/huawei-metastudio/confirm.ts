import type { CompleteState } from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import { askUntil } from '../../retry.js';
import { uploadOutcome, type UploadOutcome } from './details.js';
import type { Setup } from './setup.js';
import { stateOf, type HuaweiMetastudioState } from './state.js';

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
  setup: Setup,
  session: Session<HuaweiMetastudioState>,
  end: UploadEnd,
  context: CallContext,
): Promise<void> {
  const { client, options } = setup;
  const { autoMetaAnalysis } = options;
  const { fileId } = stateOf(session);
  const wanted: UploadOutcome = end === 'uploaded' ? 'uploaded' : 'ended';
  const state = completeStates[end];
  for (let attempt = 1; ; attempt++) {
    try {
      await client.completeFile(fileId, { state, autoMetaAnalysis }, context);
      break;
    } catch (error) {
      if (!hasProblem(error, 'vendor-unavailable', 'vendor-refused', 'upload-not-found')) throw error;
      const outcome = uploadOutcome(await client.showAsset(mediaIdOf(session), context), fileId);
      if (outcome === wanted) return;
      if (outcome !== 'open') throw outcomeError(outcome, error);
      if (attempt === maxAttempts || error.code === 'vendor-refused') throw error;
    }
  }
  if (end === 'uploaded') await expectUploaded(setup, session, context);
}

/** The service takes the call without a look at the store: only the file's state tells whether it has the whole file. */
async function expectUploaded(
  { client, tools }: Setup,
  session: Session<HuaweiMetastudioState>,
  context: CallContext,
): Promise<void> {
  const { fileId } = stateOf(session);
  const ask = async () => uploadOutcome(await client.showAsset(mediaIdOf(session), context), fileId);
  const outcome = await askUntil(ask, (one) => one !== 'open', tools, context);
  if (outcome === 'uploaded') return;
  if (outcome === 'open')
    throw new EndpointError('vendor-unavailable', {
      detail: 'complete file CREATED: the service does not say yet whether it has the file',
    });
  throw new EndpointError('upload-not-found', { detail: 'The service did not find the whole file.' });
}

function outcomeError(outcome: UploadOutcome, cause: unknown): EndpointError {
  if (outcome === 'missing') return new EndpointError('media-not-found', { cause });
  return new EndpointError('media-state-conflict', {
    detail: 'The upload of this file was confirmed otherwise.',
    cause,
  });
}

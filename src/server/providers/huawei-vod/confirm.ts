import type { ConfirmStatus } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { differsFrom, sizeRefused } from '../../kit/stored-size.js';
import type { CallContext } from '../../provider.js';
import { askUntil, type RetryTools } from '../../retry.js';
import type { VodClient } from './client.js';
import { uploadOutcome, type AssetInfo, type UploadOutcome } from './details.js';

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
function outcomeOf(info: AssetInfo | undefined): UploadOutcome {
  return info ? uploadOutcome(info.status) : 'missing';
}

async function readOutcome(vod: VodClient, assetId: string, context: CallContext): Promise<UploadOutcome> {
  return outcomeOf(await infoOf(vod, assetId, context));
}

async function infoOf(vod: VodClient, assetId: string, context: CallContext): Promise<AssetInfo | undefined> {
  return (await vod.infos([assetId], context)).find((one) => one.asset_id === assetId);
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
 * Confirms a file that went in one PUT. Nothing has looked at it: the signature of its URL holds no length, and the
 * service takes the confirmation before it has looked for the file. So the asset has to say that the file is there, and
 * a file of another size than was declared is not confirmed, or deleted where its size is known only afterwards.
 */
export async function confirmSingle(setup: Asking, file: DeclaredFile, context: CallContext): Promise<void> {
  const { vod, tools } = setup;
  const { assetId, sizeBytes } = file;
  const before = await infoOf(vod, assetId, context);
  if (differsFrom(sizeBytes, sizeOf(before))) return discardOther(vod, file, before, context);
  await confirmUpload(vod, assetId, 'uploaded', context);
  const after = await askUntil(
    () => infoOf(vod, assetId, context),
    (info) => outcomeOf(info) !== 'open',
    tools,
    context,
  );
  const outcome = outcomeOf(after);
  if (outcome === 'open') throw notSaidYet();
  if (outcome !== 'uploaded')
    throw new EndpointError('upload-not-found', { detail: 'The service did not find the file.' });
  if (differsFrom(sizeBytes, sizeOf(after))) await discardOther(vod, file, after, context);
}

interface DeclaredFile {
  readonly assetId: string;
  readonly sizeBytes: number;
}

async function discardOther(
  vod: VodClient,
  { assetId, sizeBytes }: DeclaredFile,
  info: AssetInfo | undefined,
  context: CallContext,
): Promise<never> {
  if (outcomeOf(info) === 'open') await confirmUpload(vod, assetId, 'failed', context);
  else await vod.remove(assetId, context);
  throw sizeRefused(sizeBytes, sizeOf(info));
}

function sizeOf(info: AssetInfo | undefined): number | null | undefined {
  return info?.base_info?.meta_data?.video_size;
}

/** Whether the asset waits for its file. */
export async function isOpen(vod: VodClient, assetId: string, context: CallContext): Promise<boolean> {
  return (await readOutcome(vod, assetId, context)) === 'open';
}

/** Throws `media-state-conflict` for an asset whose upload has ended. */
export async function expectOpen(vod: VodClient, assetId: string, context: CallContext): Promise<void> {
  const outcome = await readOutcome(vod, assetId, context);
  if (outcome !== 'open') throw outcomeError(outcome, undefined);
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

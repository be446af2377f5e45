import type { EngineContext } from '../context.js';
import { base64ToHex, isMd5ETag, joinDigests } from '../digest.js';
import { EndpointCallError } from '../endpoint/call-error.js';
import { UploadError } from '../errors.js';
import { partSize } from '../parts/plan.js';
import type { UploadRecord } from '../resume/upload-record.js';
import { callWithRetry } from '../retry/call-with-retry.js';
import type { ActiveSession } from '../session.js';
import type { Receipt, Waiting } from '../types.js';

export interface ConfirmOptions {
  session: ActiveSession;
  record: UploadRecord;
  context: EngineContext;
  signal: AbortSignal;
  onWaiting: (waiting: Waiting | undefined) => void;
}

export type Confirmed =
  | { outcome: 'confirmed'; receipt: Receipt; mediaId: string | undefined }
  /** The store lacks parts, or has other bytes: they are sent again, or `error` is set when that has failed too often. */
  | { outcome: 'parts-differ'; error: UploadError | undefined };

/** How often the store may disagree at the end before the upload is given up. */
const maxDisagreements = 3;

/** Completes the object, confirms it to the media service, and makes the receipt. */
export async function confirm(options: ConfirmOptions): Promise<Confirmed> {
  const { session, record, context, signal, onWaiting } = options;
  const { plan } = session.progress;
  const md5s = session.progress.md5s();
  const parts = md5s.map((md5Base64, index) => ({
    partNumber: index + 1,
    sizeBytes: partSize(plan, index + 1),
    md5Base64,
  }));
  const call = async () => {
    try {
      return await session.call(
        (ticket) =>
          context.client.finish({ ticket, status: 'uploaded', parts, isRepeat: session.mayHaveFinished }),
        signal,
      );
    } catch (error) {
      // The next call says whether it has succeeded.
      if (error instanceof EndpointCallError && error.isUnheard) session.mayHaveFinished = true;
      throw error;
    }
  };
  const answer = await callWithRetry(call, context.retry, { signal, onWaiting });
  if (answer.outcome === 'discarded')
    throw new UploadError('endpoint-invalid-reply', { detail: 'finish: discarded what was to be kept' });
  if (answer.outcome === 'parts-differ') {
    session.mayHaveFinished = false;
    return { outcome: 'parts-differ', error: await forgetParts(answer.partNumbers, session, record) };
  }
  session.isConfirmed = true;
  // The cloud has confirmed: that is reported even if the row is removed or a worker fails. So no signal, no rejection.
  const computedETag = await computeETag(md5s, session, context).catch(() => '');
  const eTag = answer.object.eTag?.replaceAll('"', '');
  const isComparable = session.isETagMd5 && eTag !== undefined && isMd5ETag(eTag) && computedETag !== '';
  if (isComparable && eTag.toLowerCase() !== computedETag)
    // The session is over: a retry begins from nothing.
    throw new UploadError('parts-differ', {
      detail: 'the completed object is not what was sent',
      isResumable: false,
    });
  const { proof } = answer.object;
  const receipt: Receipt = {
    sizeBytes: plan.sizeBytes,
    partSizeBytes: plan.partSizeBytes,
    partMd5Base64: md5s,
    eTag,
    computedETag,
    isVerified: isComparable || proof === 'compared' || session.progress.isProven,
    proof,
  };
  session.mediaId = answer.mediaId ?? session.mediaId;
  session.confirmation = { receipt, mediaId: session.mediaId };
  return { outcome: 'confirmed', ...session.confirmation, receipt };
}

async function forgetParts(
  partNumbers: readonly number[],
  session: ActiveSession,
  record: UploadRecord,
): Promise<UploadError | undefined> {
  for (const partNumber of partNumbers) {
    session.progress.forget(partNumber);
    await record.deletePart(partNumber);
  }
  if (session.isAssumed) {
    session.isAssumed = false;
    return undefined;
  }
  session.disagreements += 1;
  if (session.disagreements < maxDisagreements) return undefined;
  // A retry by the person counts from zero.
  session.disagreements = 0;
  return new UploadError('parts-differ', { attempts: maxDisagreements });
}

/** MD5 of the whole for a single PUT; for parts, the MD5 of their MD5s and how many there are. */
async function computeETag(
  md5s: readonly string[],
  session: ActiveSession,
  { ports }: EngineContext,
): Promise<string> {
  const { signal } = new AbortController();
  const [first = ''] = md5s;
  if (session.transfer.kind === 'single') return base64ToHex(first);
  return `${base64ToHex(await ports.workers.hash(joinDigests(md5s), { signal }))}-${md5s.length}`;
}

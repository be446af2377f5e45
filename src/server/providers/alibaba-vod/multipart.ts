import type { SentPart, StoredPart } from '../../../protocol/index.js';
import { differingParts, partsToComplete } from '../../compare-parts.js';
import { base64ToHex } from '../../encoding.js';
import { hasVendorCode } from '../../kit/refusal.js';
import type { CallContext } from '../../provider.js';
import type { PartToComplete } from '../../store/xml.js';
import type { MultipartState } from './state.js';
import type { OssStore } from './store.js';

export interface MultipartTools {
  readonly store: OssStore;
  /** Whether the store is asked for its parts at all. */
  readonly listParts: boolean;
}

/**
 * The stored parts, or `undefined` where the store does not list them: what an upload's own credentials allow is
 * unpublished, and no vendor's client lists parts. Uploads work without.
 */
export async function listParts(
  { store, listParts }: MultipartTools,
  state: MultipartState,
  context: CallContext,
): Promise<StoredPart[] | undefined> {
  if (!listParts) return undefined;
  try {
    return await store.list({ target: state, uploadId: state.uploadId }, context);
  } catch (error) {
    if (hasVendorCode(error, 'AccessDenied')) return undefined;
    throw error;
  }
}

/** Numbers of the parts that differ; none when the upload is complete. */
export async function completeMultipart(
  tools: MultipartTools,
  state: MultipartState,
  sent: readonly SentPart[],
  context: CallContext,
): Promise<number[]> {
  const stored = await listParts(tools, state, context);
  const differing = stored ? differingParts(sent, stored) : [];
  if (differing.length > 0) return differing;
  const completion = await tools.store.complete(
    { target: state, uploadId: state.uploadId },
    stored ? partsToComplete(sent, stored) : partsByChecksum(sent),
    context,
  );
  return 'differingPart' in completion ? [completion.differingPart] : [];
}

/**
 * A part's ETag is its MD5 in upper case ("UploadPart"), so the store itself compares what it has with what was sent.
 * `undefined` where a checksum is missing: then the upload is completed from every stored part, which is right because
 * the plan of parts never changes within one multipart upload.
 */
function partsByChecksum(sent: readonly SentPart[]): PartToComplete[] | undefined {
  const parts = sent.flatMap(({ partNumber, md5Base64 }) =>
    md5Base64 === undefined ? [] : [{ partNumber, eTag: base64ToHex(md5Base64).toUpperCase() }],
  );
  return parts.length === sent.length ? parts.sort((a, b) => a.partNumber - b.partNumber) : undefined;
}

import type {
  Attachment,
  PartToSign,
  SentPart,
  SignedAttachment,
  SignedRequest,
  Transfer,
} from '../../../protocol/index.js';
import {
  maxPartCount,
  maxPartSizeBytes,
  maxPutBytes,
  minPartSizeBytes,
} from '../../../vendors/tencent-vod.js';
import { compositeETag, differingParts, partsToComplete } from '../../compare-parts.js';
import { base64ToHex } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import { hasVendorCode } from '../../kit/refusal.js';
import { checkSinglePart } from '../../kit/session.js';
import type { CallContext } from '../../provider.js';
import { coverContentType, coverTypeOf } from './file-type.js';
import { originOf, presign, type CosAddressing } from './presign.js';
import { isMultipart, type CoverState, type MultipartState, type TencentVodState } from './state.js';
import { listParts, type CosStore } from './store.js';

export const maxFileSizeBytes = maxPartCount * maxPartSizeBytes;
export const partLimits = {
  minSizeBytes: minPartSizeBytes,
  maxSizeBytes: maxPartSizeBytes,
  maxCount: maxPartCount,
} as const;
export function multipartTransfer(
  { bucket, region }: Pick<TencentVodState, 'bucket' | 'region'>,
  { secondCosOrigin }: CosAddressing,
): Transfer {
  const secondStore = secondCosOrigin && new URL(originOf(secondCosOrigin, bucket, region)).origin;
  return { kind: 'multipart', minPartSizeBytes, maxPartSizeBytes, maxPartCount, secondStore };
}

type Bytes = Pick<PartToSign, 'sizeBytes' | 'md5Base64'>;

/** COS, "Upload Part" or "PUT Object", for the browser: the length and, where known, the digest are part of the signature. */
export function signPart(
  state: TencentVodState,
  { partNumber, ...bytes }: PartToSign,
  addressing: CosAddressing,
): SignedRequest {
  const { path, contentType } = state;
  if (isMultipart(state)) {
    const query = { partNumber: String(partNumber), uploadId: state.uploadId };
    // COS compares a Content-MD5 that is not signed as well ("Content-MD5", common request headers).
    const open = bytes.md5Base64 === undefined && { addsMd5: true };
    return { partNumber, method: 'PUT', ...signPut(state, { path, query, ...bytes }, addressing), ...open };
  }
  checkSinglePart(partNumber);
  return {
    partNumber,
    method: 'PUT',
    ...signPut(state, { path, contentType, isOnce: true, ...bytes }, addressing),
  };
}

/** Of each part in turn, so that the address of each name is worked out once. */
export function signParts(
  state: TencentVodState,
  parts: readonly PartToSign[],
  { secondCosOrigin, ...addressing }: CosAddressing,
): SignedRequest[] {
  const requests = parts.map((part) => signPart(state, part, addressing));
  if (!secondCosOrigin || !isMultipart(state)) return requests;
  const second = parts.map((part) => signPart(state, part, { ...addressing, cosOrigin: secondCosOrigin }));
  return requests.map((request, index) => ({ ...request, secondUrl: second[index]?.url }));
}

export function signCover(
  state: TencentVodState,
  { attachmentId, contentType, ...target }: CoverState,
  addressing: CosAddressing,
): SignedAttachment {
  return { attachmentId, method: 'PUT', ...signPut(state, { ...target, contentType }, addressing) };
}

export function coverState(
  path: string,
  { attachmentId, fileName, contentType, sizeBytes, md5Base64 }: Attachment,
): CoverState {
  const type = coverContentType(coverTypeOf(fileName, contentType));
  return { path, attachmentId, contentType: type, sizeBytes, md5Base64 };
}

interface Put extends Bytes {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a whole object; a part has none. */
  readonly contentType?: string;
  /** What is stored is not replaced, where COS heeds the header for VOD's certificates; no page says whether it does. */
  readonly isOnce?: boolean;
}

interface SignedPut {
  readonly url: string;
  readonly expiresInMs: number;
  readonly headers: Record<string, string>;
}

function signPut(
  state: TencentVodState,
  { path, query = {}, contentType, isOnce, sizeBytes, md5Base64 }: Put,
  addressing: CosAddressing,
): SignedPut {
  if (sizeBytes > maxPutBytes)
    throw new EndpointError('invalid-request', { detail: 'A part of more than 5 GB.' });
  // Each header that is there as a key is signed.
  const headers: Record<string, string> = {
    ...(md5Base64 !== undefined && { 'Content-MD5': md5Base64 }),
    // The store serves a whole object with the type that came with it.
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    ...(isOnce && { 'x-cos-forbid-overwrite': 'true' }),
  };
  // Browsers set Content-Length themselves and scripts may not: signed, but not among the headers to set.
  const { url, expiresInMs } = presign(
    state,
    { method: 'PUT', path, query, headers: { ...headers, 'Content-Length': String(sizeBytes) } },
    addressing,
  );
  return { url, expiresInMs, headers };
}

export type MultipartCompletion = { readonly eTag: string | undefined } | { readonly differing: number[] };

/**
 * Compares what the store has with what was sent, and completes the upload. Where the certificate may not list parts,
 * the ETags are computed from the checksums, and the store itself compares.
 */
export async function completeMultipart(
  store: CosStore,
  state: MultipartState,
  sent: readonly SentPart[],
  context: CallContext,
): Promise<MultipartCompletion> {
  const stored = await listParts(store, state, context);
  if (stored === 'denied') return completeByChecksums(store, state, sent, context);
  const differing = differingParts(sent, stored);
  if (differing.length > 0) return { differing };
  const parts = partsToComplete(sent, stored);
  const completion = await store.complete({ target: state, uploadId: state.uploadId }, parts, context);
  const eTag = 'eTag' in completion ? completion.eTag : undefined;
  // The ETag of a completed object is unspecified: only one that is made of the parts' is worth answering.
  return { eTag: eTag?.toLowerCase() === compositeETag(parts) ? eTag : undefined };
}

async function completeByChecksums(
  store: CosStore,
  state: MultipartState,
  sent: readonly SentPart[],
  context: CallContext,
): Promise<MultipartCompletion> {
  if (sent.some(({ md5Base64 }) => md5Base64 === undefined))
    throw new EndpointError('vendor-refused', {
      detail: 'The store does not list its parts, and the checksums of some are not known.',
    });
  const parts = [...sent]
    .sort((a, b) => a.partNumber - b.partNumber)
    .map(({ partNumber, md5Base64 = '' }) => ({ partNumber, eTag: base64ToHex(md5Base64) }));
  try {
    await store.complete({ target: state, uploadId: state.uploadId }, parts, context);
    return { eTag: undefined };
  } catch (error) {
    // The store does not say which of them.
    if (hasVendorCode(error, 'InvalidPart')) return { differing: parts.map(({ partNumber }) => partNumber) };
    throw error;
  }
}

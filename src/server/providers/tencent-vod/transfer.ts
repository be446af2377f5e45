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
import { base64ToHex } from '../../encoding.js';
import { EndpointError } from '../../errors.js';
import { compositeETag, differingParts, partsToJoin } from '../../ledger.js';
import type { CallContext } from '../../provider.js';
import type { CosClient, MultipartState } from './cos.js';
import { presign, type CosAddressing } from './presign.js';
import type { CoverState, TencentVodState } from './state.js';

export const maxFileSizeBytes = maxPartCount * maxPartSizeBytes;
export const partLimits = {
  minSizeBytes: minPartSizeBytes,
  maxSizeBytes: maxPartSizeBytes,
  maxCount: maxPartCount,
} as const;
export const multipartTransfer: Transfer = {
  kind: 'multipart',
  minPartSizeBytes,
  maxPartSizeBytes,
  maxPartCount,
};

export function isMultipart(state: TencentVodState): state is MultipartState {
  return state.uploadId !== undefined;
}

type Bytes = Pick<PartToSign, 'sizeBytes' | 'md5Base64'>;

/** COS, "Upload Part" or "PUT Object", for the browser: the length and, where known, the digest are part of the signature. */
export function signPart(
  state: TencentVodState,
  { partNumber, ...bytes }: PartToSign,
  addressing: CosAddressing,
): SignedRequest {
  if (isMultipart(state)) {
    const query = { partNumber: String(partNumber), uploadId: state.uploadId };
    return { partNumber, method: 'PUT', ...signPut(state, state.path, bytes, query, addressing) };
  }
  if (partNumber !== 1)
    throw new EndpointError('invalid-request', { detail: 'A single upload has only part 1.' });
  const { headers, ...request } = signPut(state, state.path, bytes, {}, addressing);
  return {
    partNumber,
    method: 'PUT',
    ...request,
    headers: { ...headers, 'Content-Type': state.contentType },
  };
}

export function signCover(
  state: TencentVodState,
  cover: CoverState,
  addressing: CosAddressing,
): SignedAttachment {
  const { headers, ...request } = signPut(state, cover.path, cover, {}, addressing);
  return {
    attachmentId: cover.attachmentId,
    method: 'PUT',
    ...request,
    headers: { ...headers, 'Content-Type': cover.contentType },
  };
}

export function coverState(
  path: string,
  { attachmentId, contentType, sizeBytes, md5Base64 }: Attachment,
): CoverState {
  return { path, attachmentId, contentType, sizeBytes, ...(md5Base64 !== undefined && { md5Base64 }) };
}

function signPut(
  state: TencentVodState,
  path: string,
  { sizeBytes, md5Base64 }: Bytes,
  query: Record<string, string>,
  addressing: CosAddressing,
): { url: string; expiresInMs: number; headers: Record<string, string> } {
  if (sizeBytes > maxPutBytes)
    throw new EndpointError('invalid-request', { detail: 'A part of more than 5 GB.' });
  const headers: Record<string, string> = md5Base64 === undefined ? {} : { 'Content-MD5': md5Base64 };
  // Browsers set Content-Length by themselves and allow nobody else to: signed, but not among the headers to set.
  const { url, expiresInMs } = presign(
    state,
    { method: 'PUT', path, query, headers: { ...headers, 'Content-Length': String(sizeBytes) } },
    addressing,
  );
  return { url, expiresInMs, headers };
}

export type Joined = { readonly eTag: string | undefined } | { readonly differing: number[] };

/**
 * Compares what the store has with what was sent, and joins it. Where the certificate may not list parts, the ETags are
 * made of the checksums, and the store itself compares.
 */
export async function joinParts(
  cos: CosClient,
  state: MultipartState,
  sent: readonly SentPart[],
  context: CallContext,
): Promise<Joined> {
  const stored = await cos.listParts(state, context);
  if (stored === 'denied') return joinByLedger(cos, state, sent, context);
  const differing = differingParts(sent, stored);
  if (differing.length > 0) return { differing };
  const parts = partsToJoin(sent, stored);
  const eTag = await cos.complete(state, parts, context);
  // Nobody promises what the ETag of a joined object is: only one that is made of the parts' is worth telling.
  return { eTag: eTag?.toLowerCase() === compositeETag(parts) ? eTag : undefined };
}

async function joinByLedger(
  cos: CosClient,
  state: MultipartState,
  sent: readonly SentPart[],
  context: CallContext,
): Promise<Joined> {
  const unknown = sent.filter(({ md5Base64 }) => md5Base64 === undefined).map(({ partNumber }) => partNumber);
  if (unknown.length > 0)
    throw new EndpointError('vendor-refused', {
      detail: 'The store does not list its parts, and the checksums of some are not known.',
    });
  const parts = [...sent]
    .sort((a, b) => a.partNumber - b.partNumber)
    .map(({ partNumber, md5Base64 = '' }) => ({ partNumber, eTag: base64ToHex(md5Base64) }));
  try {
    await cos.complete(state, parts, context);
    return { eTag: undefined };
  } catch (error) {
    // It does not say which of them.
    if (error instanceof EndpointError && error.vendor?.code === 'InvalidPart')
      return { differing: parts.map(({ partNumber }) => partNumber) };
    throw error;
  }
}

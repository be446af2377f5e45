import type { StoreReply } from '../transport/transport.js';
import { base64ToHex, isMd5ETag } from '../digest.js';

/** What a store's reply to a part means; `send-part.ts` acts on it. */
export type Verdict =
  | 'stored'
  /** The store received other bytes than were sent. */
  | 'damaged'
  /** The signature is not (or no longer) accepted: a new one may be. */
  | 'refused-signature'
  /** The store does not know this multipart upload any more. */
  | 'gone'
  /** May work a little later. */
  | 'later'
  | 'refused';

/** Reads a reply by status and, where several things share a status, by the store's own code. */
export function judge(reply: StoreReply, md5Base64: string, isETagMd5: boolean): Verdict {
  const { status, errorCode = '' } = reply;
  if (status >= 200 && status < 300) {
    // An ETag hidden by CORS is a success all the same; the store's own list is compared before completion.
    return isProof(reply, isETagMd5) && reply.eTag?.toLowerCase() !== base64ToHex(md5Base64)
      ? 'damaged'
      : 'stored';
  }
  // The request may create its object only once, and an attempt whose reply was lost has done so: completion compares.
  if (status === 412 || errorCode === 'FileAlreadyExists') return 'stored';
  if (status === 401 || status === 403)
    return /slowdown|throttl/i.test(errorCode) ? 'later' : 'refused-signature';
  if (status === 404 || status === 410) return 'gone';
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return 'later';
  if (/digest|md5|checksum/i.test(errorCode)) return 'damaged';
  if (/expired|token/i.test(errorCode)) return 'refused-signature';
  if (/incompletebody|requesttimeout/i.test(errorCode)) return 'later';
  return 'refused';
}

/** Whether the reply of a stored part shows which bytes have arrived. */
function isProof({ eTag }: StoreReply, isETagMd5: boolean): boolean {
  return isETagMd5 && eTag !== undefined && isMd5ETag(eTag);
}

/** Whether the reply, or a digest among the signed headers, proves that the store has exactly these bytes. */
export function provesPart(
  reply: StoreReply,
  headers: Readonly<Record<string, string>>,
  isETagMd5: boolean,
): boolean {
  // A refusal because the object exists already (412) does not prove which bytes it has.
  return reply.status < 300 && (isProof(reply, isETagMd5) || signsDigest(headers));
}

/** Whether the store compares what arrives with a digest of the request, and refuses other bytes. */
function signsDigest(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => /^(content-md5|x-amz-checksum-.+)$/i.test(name));
}

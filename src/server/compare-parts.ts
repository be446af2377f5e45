import type { SentPart, StoredPart } from '../protocol/index.js';
import { base64ToHex, fromHex, toHex } from './encoding.js';
import { EndpointError } from './errors.js';
import { md5 } from './hash.js';

/** Throws `invalid-request` for a list of sent parts that cannot be a file of this size. */
export function checkSentParts(sent: readonly SentPart[], sizeBytes: number): void {
  const total = sent.reduce((sum, part) => sum + part.sizeBytes, 0);
  const numbers = new Set(sent.map((part) => part.partNumber));
  if (total !== sizeBytes || numbers.size !== sent.length) {
    throw new EndpointError('invalid-request', {
      detail: `The parts make ${total} bytes under ${numbers.size} numbers; the file has ${sizeBytes} bytes.`,
    });
  }
}

/** Whether a store's ETags are MD5s, so that they prove content; SSE-KMS and SSE-C make them opaque. */
export type ETagRule = 'md5' | 'opaque';

/** Numbers of the sent parts that the store lacks, or has with another size or MD5, in ascending order. */
export function differingParts(
  sent: readonly SentPart[],
  stored: readonly StoredPart[],
  rule: ETagRule = 'md5',
): number[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  return sent
    .filter((part) => !isSame(part, byNumber.get(part.partNumber), rule))
    .map((part) => part.partNumber)
    .sort((a, b) => a - b);
}

function isSame(sent: SentPart, stored: StoredPart | undefined, rule: ETagRule): boolean {
  if (!stored || stored.sizeBytes !== sent.sizeBytes) return false;
  return (
    rule === 'opaque' ||
    sent.md5Base64 === undefined ||
    stored.eTag.toLowerCase() === base64ToHex(sent.md5Base64)
  );
}

/**
 * The stored parts that were sent this time, ascending. The others are left out of the completion: S3 then deletes them,
 * Swift keeps them until the object is deleted by hand, and Ceph refuses the completion (InvalidPart).
 */
export function partsToComplete(sent: readonly SentPart[], stored: readonly StoredPart[]): StoredPart[] {
  const numbers = new Set(sent.map((part) => part.partNumber));
  return stored.filter((part) => numbers.has(part.partNumber));
}

/** The ETag of an object completed from these parts: MD5 of their raw MD5s, a hyphen, their count, as the whole S3 family has it. */
export function compositeETag(parts: readonly StoredPart[]): string {
  const digests = new Uint8Array(parts.length * 16);
  parts.forEach(({ eTag }, i) => digests.set(fromHex(eTag).subarray(0, 16), i * 16));
  return `${toHex(md5(digests))}-${parts.length}`;
}

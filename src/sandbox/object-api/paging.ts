import { firstValue } from '../http/encoding.js';
import type { SandboxRequest } from '../http/request.js';
import type { MultipartUpload, StoredPart } from '../store/object-store.js';

/** Stored parts in ascending order of their number. */
export function sortedParts(upload: MultipartUpload): StoredPart[] {
  return [...upload.parts.values()].sort((a, b) => a.partNumber - b.partNumber);
}

/** One page of a list of parts. */
export function pageOfParts(
  upload: MultipartUpload,
  { marker, max }: { marker: number; max: number },
): { parts: StoredPart[]; nextMarker: number; isTruncated: boolean } {
  const after = sortedParts(upload).filter((part) => part.partNumber > marker);
  const parts = after.slice(0, max);
  return { parts, nextMarker: parts.at(-1)?.partNumber ?? 0, isTruncated: after.length > parts.length };
}

/**
 * A parameter of the query that is a whole number within the limits; `refuse` is the store's error for anything else.
 */
export function numberParameter(
  { query }: SandboxRequest,
  name: string,
  rule: { min: number; max: number; byDefault?: number; refuse: (text: string) => Error },
): number {
  const text = firstValue(query, name);
  if (text === undefined && rule.byDefault !== undefined) return rule.byDefault;
  const value = wholeNumberOf(text, rule.min, rule.max);
  if (value === undefined) throw rule.refuse(text ?? '');
  return value;
}

/** Undefined when the text is not a whole number within the limits. */
export function wholeNumberOf(text: string | undefined, min: number, max: number): number | undefined {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

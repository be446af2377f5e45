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

/** Undefined when the text is not a whole number within the limits. */
export function wholeNumberOf(text: string | undefined, min: number, max: number): number | undefined {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

import type { Transfer } from '../../protocol/index.js';

/** How a file is cut: parts of `partSizeBytes`, numbered from 1, the last one shorter. */
export interface PartPlan {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly partCount: number;
}

const mebibyte = 1024 * 1024;
/** The most a broken connection can cost. */
const largestWanted = 16 * mebibyte;
const smallestWanted = mebibyte;
/** So many parts that a middling file keeps every connection busy, with the last ones not far apart. */
const wantedParts = 24;

/** What decides the part size beside the store's limits. */
export interface PartWishes {
  /** What the host wants; it wins. */
  readonly partSizeBytes?: number | undefined;
  /** What one connection sends in a few seconds, where that is known: a pause or a broken line costs no more. */
  readonly lineBytes?: number | undefined;
}

/**
 * Part size from file size and the store's limits: small enough to fill all connections, large enough not to drown
 * in round trips, never more parts than the store numbers. A size the store has fixed is taken as it is; one that the
 * host wants is kept within the store's limits.
 */
export function planParts(sizeBytes: number, transfer: Transfer, wishes: PartWishes = {}): PartPlan {
  if (transfer.kind === 'single') return { sizeBytes, partSizeBytes: Math.max(1, sizeBytes), partCount: 1 };
  return pinnedPlan(sizeBytes, transfer.partSizeBytes ?? choosePartSize(sizeBytes, transfer, wishes));
}

/** The plan of an upload begun earlier. */
export function pinnedPlan(sizeBytes: number, partSizeBytes: number): PartPlan {
  return { sizeBytes, partSizeBytes, partCount: Math.max(1, Math.ceil(sizeBytes / partSizeBytes)) };
}

/** What the endpoint is told of the wish of the host. Undefined where it has none. */
export function wishedPartSize(bytes: number | undefined, sizeBytes: number): number | undefined {
  return bytes && bytes > 0 ? Math.ceil(Math.min(bytes, sizeBytes)) : undefined;
}

function choosePartSize(
  sizeBytes: number,
  limits: Extract<Transfer, { kind: 'multipart' }>,
  { partSizeBytes, lineBytes = largestWanted }: PartWishes,
): number {
  const wanted =
    partSizeBytes ??
    Math.min(largestWanted, Math.max(smallestWanted, Math.min(lineBytes, sizeBytes / wantedParts)));
  const needed = sizeBytes / limits.maxPartCount;
  const rounded = roundUp(Math.max(wanted, needed, limits.minPartSizeBytes));
  // Rounding must not lift it over the store's limit; then the limit itself, or the exact size the count demands.
  return Math.max(Math.min(rounded, limits.maxPartSizeBytes), Math.ceil(needed));
}

/** To whole MiB; people read logs. */
function roundUp(bytes: number): number {
  return Math.ceil(bytes / mebibyte) * mebibyte;
}

/** `[start, end)` of a part in the file. */
export function partRange(plan: PartPlan, partNumber: number): { start: number; end: number } {
  const start = (partNumber - 1) * plan.partSizeBytes;
  return { start, end: Math.min(start + plan.partSizeBytes, plan.sizeBytes) };
}

export function partSize(plan: PartPlan, partNumber: number): number {
  const { start, end } = partRange(plan, partNumber);
  return end - start;
}

import { choosePartSize, type PartWishes, type Transfer } from '../../protocol/index.js';

export type { PartWishes };

/** How a file is cut: parts of `partSizeBytes`, numbered from 1, the last one shorter. */
export interface PartPlan {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly partCount: number;
}

/** A size that the store, or the endpoint, has fixed is taken as it is. */
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

/** `[start, end)` of a part in the file. */
export function partRange(plan: PartPlan, partNumber: number): { start: number; end: number } {
  const start = (partNumber - 1) * plan.partSizeBytes;
  return { start, end: Math.min(start + plan.partSizeBytes, plan.sizeBytes) };
}

export function partSize(plan: PartPlan, partNumber: number): number {
  const { start, end } = partRange(plan, partNumber);
  return end - start;
}

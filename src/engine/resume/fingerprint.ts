import type { PartWorkers } from '../worker/client.js';

const edgeBytes = 64 * 1024;
const sampleBytes = 4 * 1024;
const sampleCount = 16;
const sampledBytes = 2 * edgeBytes + sampleCount * sampleBytes;

/**
 * A cheap identity of a file's content: its size, and the MD5 of its head, its tail and samples between them (192 kB
 * at most, whatever the size). Name and date are left out on purpose: a file copied or renamed is still that file.
 * Two files that differ only between the samples look the same here; the part checksums tell them apart before
 * anything is completed.
 */
export async function fingerprint(file: Blob, workers: PartWorkers, signal: AbortSignal): Promise<string> {
  if (isReadWhole(file)) return wholeFingerprint(file, await workers.hash(file, { signal }));
  const samples = new Blob(sampleRanges(file.size).map(([start, end]) => file.slice(start, end)));
  return `${file.size}-${await workers.hash(samples, { signal })}`;
}

/** Small enough that its samples are all of it: its MD5 says as much. */
export function isReadWhole({ size }: Blob): boolean {
  return size <= sampledBytes;
}

/** The fingerprint of a file that {@link isReadWhole}, from its MD5 (base64). */
export function wholeFingerprint({ size }: Blob, md5Base64: string): string {
  return `${size}-${md5Base64}`;
}

/** `[start, end)` ranges, ascending. */
function sampleRanges(sizeBytes: number): [number, number][] {
  if (sizeBytes <= sampledBytes) return [[0, sizeBytes]];
  const middle = sizeBytes - 2 * edgeBytes;
  const step = middle / (sampleCount + 1);
  const samples = Array.from({ length: sampleCount }, (_, index): [number, number] => {
    const start = edgeBytes + Math.floor(step * (index + 1));
    return [start, Math.min(start + sampleBytes, sizeBytes - edgeBytes)];
  });
  return [[0, edgeBytes], ...samples, [sizeBytes - edgeBytes, sizeBytes]];
}

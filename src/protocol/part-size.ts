const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
/** The most that a broken connection can cost. */
const largestWanted = 16 * mebibyte;
const smallestWanted = mebibyte;
/** So many parts that a middling file keeps every connection busy, with the last ones not far apart. */
const wantedParts = 24;
/** The connections to a store with two names; half of them to one. */
const wave = 12;
const fewWaves = 3;

/** What a store takes. Sizes in bytes. */
export interface PartLimits {
  readonly minPartSizeBytes: number;
  readonly maxPartSizeBytes: number;
  readonly maxPartCount: number;
}

export interface PartWishes {
  /** What the host wants, in bytes; it wins, within the store's limits. */
  readonly partSizeBytes?: number | undefined;
  /** What one connection sends in a few seconds, where that is known: a pause or a broken line costs no more. */
  readonly lineBytes?: number | undefined;
}

/**
 * The size of the parts of a file where the store has not fixed it, in bytes: small enough to fill all connections, large
 * enough that round trips take a small share of the time, never more parts than the store numbers. The page and the
 * endpoint compute the same.
 */
export function choosePartSize(
  sizeBytes: number,
  { minPartSizeBytes, maxPartSizeBytes, maxPartCount }: PartLimits,
  { partSizeBytes, lineBytes = largestWanted }: PartWishes = {},
): number {
  const wanted =
    partSizeBytes ??
    Math.min(largestWanted, Math.max(smallestWanted, Math.min(lineBytes, sizeBytes / wantedParts)));
  const needed = Math.ceil(sizeBytes / maxPartCount);
  // To whole MiB; people read logs.
  const rounded = roundUp(Math.max(wanted, needed, minPartSizeBytes), mebibyte);
  const isFree = partSizeBytes === undefined && lineBytes >= largestWanted;
  const full = isFree ? fillWaves(sizeBytes, rounded) : rounded;
  // Rounding must not lift it over the store's limit; then the limit itself, or the exact size that the count demands.
  return Math.max(Math.min(full, maxPartSizeBytes), needed);
}

/**
 * Where loss or latency bounds each connection, a last wave that is not full takes as long as a full one: 16 parts need as
 * much time over twelve connections as 24. So a file of a few waves has full ones only, of somewhat larger parts.
 */
function fillWaves(sizeBytes: number, partSizeBytes: number): number {
  const waves = Math.floor(Math.ceil(sizeBytes / partSizeBytes) / wave);
  if (waves < 1 || waves > fewWaves) return partSizeBytes;
  const even = roundUp(sizeBytes / (waves * wave), 64 * kibibyte);
  return even > largestWanted ? partSizeBytes : Math.max(partSizeBytes, even);
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

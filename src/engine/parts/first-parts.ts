import type { Capabilities, PartToSign } from '../../protocol/index.js';
import { type Clock } from '../retry/clock.js';
import type { PartWorkers } from '../worker/client.js';
import { partRange, type PartPlan, partSize, planParts, wishedPartSize } from './plan.js';

const mebibyte = 1024 * 1024;
/** Hashing more would delay the start by longer than it gains. */
const firstBytes = 5 * mebibyte;
/** While the start is answered, there is nothing else to do. */
const followingBytes = 32 * mebibyte;
const mostParts = 6;
/** A slow disk, or a worker that is still loading, does not delay the start for longer than the question it saves. */
const patienceMs = 250;
/** What is not larger goes in one PUT at most stores. */
const smallBytes = 8 * mebibyte;
/** The smallest parts of S3, and of other stores: one of the two is right while the provider is not known. */
const usualMinSizes = [5 * mebibyte, mebibyte];

/** A part that was hashed before the plan was certain: parts of other plans may have its number and size. */
export interface HashedPart {
  /** What the endpoint is told of it. */
  readonly part: PartToSign & { readonly md5Base64: string };
  /** Where it begins in the file, in bytes. */
  readonly start: number;
}

/** What the plan depends on, as far as it is known. */
interface Expectation {
  readonly capabilities: Capabilities | undefined;
  /** The wish of the host. */
  readonly partSizeBytes: number | undefined;
}

export function expectationOf({ capabilities, options }: ExpectationContext): Expectation {
  return { capabilities: capabilities(), partSizeBytes: options.partSizeBytes };
}

interface ExpectationContext {
  readonly capabilities: () => Capabilities | undefined;
  readonly options: { readonly partSizeBytes?: number | undefined };
}

export interface HashAheadOptions {
  readonly file: Blob;
  readonly workers: PartWorkers;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hashed before, or being hashed; maybe of other plans. */
  readonly known?: Promise<readonly HashedPart[]> | undefined;
}

/**
 * The first parts with their MD5s, for `start` to sign. While the plan is not known they are those of the likely
 * plans; the endpoint ignores what is not in its plan. Empty where there are none, or they are not hashed in time.
 */
export function hashFirstParts(expected: Expectation, options: HashAheadOptions): Promise<HashedPart[]> {
  return hashAhead(likelyPlans(options.file.size, expected), () => true, options);
}

/** The first parts, for `start` to sign before they are hashed. Undefined where the provider cannot, or is not known. */
export function partsBeforeHash(sizeBytes: number, expected: Expectation): PartToSign[] | undefined {
  const [plan] = expected.capabilities?.signsBeforeHash ? likelyPlans(sizeBytes, expected) : [];
  return plan && firstToSign(plan, () => true);
}

/** As many of the wanted parts as there are connections, without their MD5s. */
export function firstToSign(plan: PartPlan, isWanted: (partNumber: number) => boolean): PartToSign[] {
  return firstOf(plan, isWanted, mostParts).map((partNumber) => ({
    partNumber,
    sizeBytes: partSize(plan, partNumber),
  }));
}

/** Of each plan the first parts that are wanted. Empty where they are not hashed in time. */
export async function hashAhead(
  plans: readonly PartPlan[],
  isWanted: (partNumber: number) => boolean,
  { file, workers, clock, signal, known }: HashAheadOptions,
): Promise<HashedPart[]> {
  const before = await known;
  // Small files have none to be hashed.
  if (plans.length === 0) return [];
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  const hashed = plans.flatMap((plan) =>
    firstOf(plan, isWanted).map(async (partNumber): Promise<HashedPart> => {
      const { start, end } = partRange(plan, partNumber);
      const same = before?.find((one) => isInPlan(one, plan) && one.part.partNumber === partNumber);
      if (same) return same;
      const md5Base64 = await workers.hash(file.slice(start, end), { signal: stop.signal });
      return { part: { partNumber, sizeBytes: end - start, md5Base64 }, start };
    }),
  );
  const tooLate = clock.sleep(patienceMs, stop.signal).then(() => []);
  try {
    return await Promise.race([Promise.all(hashed), tooLate]);
  } catch {
    // A file that cannot be read is reported where it has to be read.
    return [];
  } finally {
    signal.removeEventListener('abort', abort);
    stop.abort();
    tooLate.catch(() => {});
    for (const one of hashed) one.catch(() => {});
  }
}

/**
 * Hashes the parts that follow the first ones, one after another, until aborted or until enough are hashed; the first ones,
 * too, where they were not hashed in time. None while the plan is not known. What is hashed is added to `hashed`.
 */
export async function hashFollowing(
  expected: Expectation,
  firstParts: readonly HashedPart[],
  hashed: HashedPart[],
  { file, workers, signal }: Omit<HashAheadOptions, 'clock'>,
): Promise<void> {
  const [plan] = expected.capabilities ? likelyPlans(file.size, expected) : [];
  if (!plan) return;
  const first = firstParts.length === 0 ? 1 : firstOf(plan, () => true).length + 1;
  const last = Math.min(plan.partCount, mostParts, Math.floor(followingBytes / plan.partSizeBytes) + 1);
  for (let partNumber = first; partNumber <= last; partNumber++) {
    const { start, end } = partRange(plan, partNumber);
    const md5Base64 = await workers.hash(file.slice(start, end), { signal }).catch(() => undefined);
    if (md5Base64 === undefined) return;
    hashed.push({ part: { partNumber, sizeBytes: end - start, md5Base64 }, start });
  }
}

/** Whether it holds the bytes that the plan has under its number. */
export function isInPlan({ part: { partNumber, sizeBytes }, start }: HashedPart, plan: PartPlan): boolean {
  const range = partRange(plan, partNumber);
  return range.start === start && range.end - range.start === sizeBytes;
}

/** Whether the file goes in parts, and `start` needs no MD5 of the whole of it. False while that is not known. */
export function isKnownToGoInParts(sizeBytes: number, capabilities: Capabilities | undefined): boolean {
  return (
    capabilities?.parts !== undefined &&
    capabilities.checksum === 'none' &&
    sizeBytes > capabilities.singlePutMaxBytes
  );
}

function likelyPlans(sizeBytes: number, { capabilities, partSizeBytes }: Expectation): PartPlan[] {
  const wish = wishedPartSize(partSizeBytes, sizeBytes);
  if (!capabilities) {
    if (sizeBytes <= smallBytes) return [];
    const plans = usualMinSizes.map((minSizeBytes) =>
      planOf(sizeBytes, { minSizeBytes, maxSizeBytes: Infinity, maxCount: 10_000 }, wish),
    );
    return [...new Map(plans.map((plan) => [plan.partSizeBytes, plan])).values()];
  }
  const { parts, signsAtStart } = capabilities;
  return parts && signsAtStart && isKnownToGoInParts(sizeBytes, capabilities)
    ? [planOf(sizeBytes, parts, wish)]
    : [];
}

function planOf(
  sizeBytes: number,
  { minSizeBytes, maxSizeBytes, maxCount }: NonNullable<Capabilities['parts']>,
  partSizeBytes: number | undefined,
): PartPlan {
  const limits = {
    kind: 'multipart',
    minPartSizeBytes: minSizeBytes,
    maxPartSizeBytes: maxSizeBytes,
    maxPartCount: maxCount,
  } as const;
  return planParts(sizeBytes, limits, { partSizeBytes });
}

/** By default one at least, as many as there are connections at most. */
function firstOf(
  { partSizeBytes, partCount }: PartPlan,
  isWanted: (partNumber: number) => boolean,
  most = Math.max(1, Math.min(mostParts, Math.floor(firstBytes / partSizeBytes))),
): number[] {
  const found: number[] = [];
  for (let partNumber = 1; partNumber <= partCount && found.length < most; partNumber++)
    if (isWanted(partNumber)) found.push(partNumber);
  return found;
}

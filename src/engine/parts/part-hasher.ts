import { UploadError } from '../errors.js';
import { orAborted } from '../retry/abort.js';
import type { PartWorkers } from '../worker/client.js';
import type { FirstSend } from './first-send.js';
import { partRange, type PartPlan, partSize } from './plan.js';
import { Turns } from './turns.js';

/** As many take little longer than one; see `hashTogether`. */
const together = 4;
/** More would compete for the same cores and delay the part that is sent first. */
const groupsAtOnce = 1;

interface PartHasherOptions {
  readonly file: File;
  readonly plan: PartPlan;
  readonly known: ReadonlyMap<number, string>;
  readonly workers: PartWorkers;
  readonly firstSend: FirstSend;
  /** Of the upload. */
  readonly signal: AbortSignal;
}

/**
 * Hashes the parts of a file a few at a time: that which is wanted, and those that will be wanted next. The first comes
 * alone, since nothing can be sent before it.
 */
export class PartHasher {
  readonly #options: PartHasherOptions;
  readonly #turns = new Turns(groupsAtOnce);
  /** Asked for, or hashed and not wanted yet. */
  readonly #hashes = new Map<number, Promise<string>>();
  #isFirst = true;

  constructor(options: PartHasherOptions) {
    this.#options = options;
  }

  /** MD5, base64, of the part at that place in a list of those that are wanted. Rejects as `workers.hash` does. */
  async md5(list: readonly number[], place: number, signal: AbortSignal): Promise<string> {
    const partNumber = list[place] ?? 0;
    const known = this.#options.known.get(partNumber);
    if (known !== undefined) return known;
    try {
      return await orAborted(this.#hashes.get(partNumber) ?? this.#hash(list, place), signal);
    } finally {
      this.#hashes.delete(partNumber);
    }
  }

  /** Of that part, and of some that follow it. */
  #hash(list: readonly number[], place: number): Promise<string> {
    const { file, plan, workers, firstSend, signal } = this.#options;
    const partNumbers = this.#group(list, place);
    const bodies = partNumbers.map((partNumber) => {
      const { start, end } = partRange(plan, partNumber);
      return file.slice(start, end);
    });
    const group = this.#turns.run(async () => {
      await firstSend.settled();
      return workers.hashTogether && bodies.length > 1
        ? workers.hashTogether(bodies, { signal })
        : Promise.all(bodies.map((body) => workers.hash(body, { signal })));
    }, signal);
    const hashes = partNumbers.map(async (partNumber, index) => {
      const md5Base64 = (await group)[index];
      if (md5Base64 === undefined)
        throw new UploadError('internal', { detail: 'a hash is missing', partNumber });
      return md5Base64;
    });
    hashes.forEach((hash, index) => {
      // Reported when the part is wanted.
      hash.catch(() => {});
      this.#hashes.set(partNumbers[index] ?? 0, hash);
    });
    return hashes[0] ?? Promise.reject(new UploadError('internal'));
  }

  #group(list: readonly number[], place: number): number[] {
    const { plan, known } = this.#options;
    const [first = 0, ...next] = list.slice(place, place + (this.#isFirst ? 1 : together));
    this.#isFirst = false;
    const isAlike = (one: number) => partSize(plan, one) === partSize(plan, first);
    const isNew = (one: number) => !known.has(one) && !this.#hashes.has(one);
    return [first, ...next.filter((one) => isAlike(one) && isNew(one))];
  }
}

import type { JournalPart } from '../resume/store.js';
import { type PartPlan, partSize } from './plan.js';

/** A part the store has. */
export interface KnownPart {
  readonly md5Base64: string;
  /** Its bytes have been compared with the file this page holds. */
  readonly isCompared: boolean;
  /** The store's ETag, its list or a signed digest agreed with the MD5. */
  readonly isProven: boolean;
}

/** Which parts the store has, and what is on its way. The one place that counts bytes. */
export class PartProgress {
  readonly plan: PartPlan;
  readonly #stored = new Map<number, KnownPart>();
  readonly #inFlight = new Map<number, number>();
  /** When the attempts began that are in flight. */
  readonly #begunAt = new Map<number, number>();
  #storedBytes = 0;
  #inFlightBytes = 0;

  constructor(plan: PartPlan) {
    this.plan = plan;
  }

  /** Acknowledged bytes plus bytes in flight; a part that is sent again gives its bytes back first. */
  get sentBytes(): number {
    return this.#storedBytes + this.#inFlightBytes;
  }

  /** How many parts are on their way. */
  get inFlightCount(): number {
    return this.#inFlight.size;
  }

  /** More than half of it has been sent, and is not stored yet. */
  isNearlySent(partNumber: number): boolean {
    return (this.#inFlight.get(partNumber) ?? 0) * 2 > partSize(this.plan, partNumber);
  }

  get storedBytes(): number {
    return this.#storedBytes;
  }

  get unstoredCount(): number {
    return this.plan.partCount - this.#stored.size;
  }

  get isComplete(): boolean {
    return this.unstoredCount === 0;
  }

  /** Every part is proven. */
  get isProven(): boolean {
    return this.isComplete && [...this.#stored.values()].every(({ isProven }) => isProven);
  }

  stored(partNumber: number): KnownPart | undefined {
    return this.#stored.get(partNumber);
  }

  /** Parts that the store does not have, ascending. One that it has acknowledged is not among them: it is not sent again. */
  toSend(): number[] {
    return this.#numbers((part) => !part);
  }

  /** Stored parts that have not been compared with this file, ascending. Each is hashed, and sent only where it differs. */
  toCompare(): number[] {
    return this.#numbers((part) => part?.isCompared === false);
  }

  /** Whether parts are still to be sent or compared. */
  get isPending(): boolean {
    return this.toSend().length + this.toCompare().length > 0;
  }

  store(partNumber: number, part: KnownPart): void {
    this.#removeInFlight(partNumber);
    if (!this.#stored.has(partNumber)) this.#storedBytes += partSize(this.plan, partNumber);
    this.#stored.set(partNumber, part);
  }

  /** The file is another File now: every part has to be compared with it. */
  distrust(): void {
    for (const [partNumber, part] of this.#stored)
      this.#stored.set(partNumber, { ...part, isCompared: false });
  }

  forget(partNumber: number): void {
    if (this.#stored.delete(partNumber)) this.#storedBytes -= partSize(this.plan, partNumber);
  }

  /**
   * What is said to be sent and cannot have arrived yet, as connections carry so much: browsers count what the buffers
   * of the operating system have taken, which may be the whole part.
   */
  bufferedBytes(nowMs: number, bytesPerMs: number): number {
    let bytes = 0;
    for (const [partNumber, sentBytes] of this.#inFlight) {
      const carried = (nowMs - (this.#begunAt.get(partNumber) ?? nowMs)) * bytesPerMs;
      bytes += Math.max(0, sentBytes - carried);
    }
    return bytes;
  }

  /** An attempt to send it begins, by the clock of `bufferedBytes`. */
  begin(partNumber: number, nowMs: number): void {
    this.#begunAt.set(partNumber, nowMs);
  }

  setInFlight(partNumber: number, sentBytes: number): void {
    if (this.#stored.has(partNumber)) return;
    const bytes = Math.min(sentBytes, partSize(this.plan, partNumber));
    this.#inFlightBytes += bytes - (this.#inFlight.get(partNumber) ?? 0);
    this.#inFlight.set(partNumber, bytes);
  }

  /** The attempt ended without an acknowledgement. */
  dropInFlight(partNumber: number): void {
    this.#removeInFlight(partNumber);
  }

  dropAllInFlight(): void {
    this.#inFlight.clear();
    this.#begunAt.clear();
    this.#inFlightBytes = 0;
  }

  /** What the store has, as the journal keeps it. */
  journalParts(): JournalPart[] {
    return [...this.#stored].map(([partNumber, { md5Base64, isProven }]) => ({
      partNumber,
      sizeBytes: partSize(this.plan, partNumber),
      md5Base64,
      isProven,
    }));
  }

  /** MD5s in part order; only of use once complete. */
  md5s(): string[] {
    return Array.from(
      { length: this.plan.partCount },
      (_, index) => this.#stored.get(index + 1)?.md5Base64 ?? '',
    );
  }

  #numbers(isWanted: (part: KnownPart | undefined) => boolean): number[] {
    const numbers = Array.from({ length: this.plan.partCount }, (_, index) => index + 1);
    return numbers.filter((partNumber) => isWanted(this.#stored.get(partNumber)));
  }

  #removeInFlight(partNumber: number): void {
    this.#inFlightBytes -= this.#inFlight.get(partNumber) ?? 0;
    this.#inFlight.delete(partNumber);
    this.#begunAt.delete(partNumber);
  }
}

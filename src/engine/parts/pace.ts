/** A part should not take longer than this: when the line breaks, what is in flight is lost. */
const wantedPartMs = 60_000;
/** Weight of the newest part in the average. */
const smoothing = 0.3;

/**
 * How many parts are sent at once: as many as browsers connect to one origin, fewer when the line is so slow that parts
 * would be in flight for minutes, half after the store or the line has shown that it is too much, and one more
 * again after each round without a failure.
 */
export class Pace {
  #max: number;
  #allowed: number;
  #goodput: number | undefined;
  #partBytes = 0;
  #untroubled = 0;

  constructor(max: number) {
    this.#max = max;
    this.#allowed = max;
  }

  /** Connections to use now; at least one. */
  get limit(): number {
    const bearable =
      this.#goodput === undefined || this.#partBytes === 0
        ? this.#max
        : Math.round((this.#goodput * wantedPartMs) / this.#partBytes);
    return Math.max(1, Math.min(this.#allowed, this.#max, bearable));
  }

  /** How long the whole line needs for so many bytes; undefined before it was measured. */
  millisecondsFor(bytes: number): number | undefined {
    return this.#goodput === undefined ? undefined : bytes / this.#goodput;
  }

  get max(): number {
    return this.#max;
  }

  /** Another bound. What trouble has taken comes back as after any trouble. */
  setMax(max: number): void {
    const isReduced = this.#allowed < this.#max;
    this.#max = max;
    this.#allowed = isReduced ? Math.min(this.#allowed, max) : max;
  }

  /** A part is stored: `sharedBy` parts were on the line while it took `durationMs`. */
  stored(sizeBytes: number, durationMs: number, sharedBy: number): void {
    const goodput = (sizeBytes * sharedBy) / Math.max(1, durationMs);
    this.#goodput =
      this.#goodput === undefined ? goodput : this.#goodput + (goodput - this.#goodput) * smoothing;
    this.#partBytes = sizeBytes;
    this.#untroubled += 1;
    if (this.#untroubled < this.#allowed || this.#allowed >= this.#max) return;
    this.#untroubled = 0;
    this.#allowed += 1;
  }

  /** The store asked for less, or the line broke. Several parts that fail together count once. */
  troubled(): void {
    if (this.#untroubled === 0 && this.#allowed < this.#max) return;
    this.#untroubled = 0;
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
  }
}

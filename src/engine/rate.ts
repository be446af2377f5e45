/** Time constants of the averages: speed follows quickly, time left calmly. */
const speedWindowMs = 8_000;
const remainingWindowMs = 15_000;
/** Less than this tells nothing yet. */
const minSpeedMs = 1_000;
const minRemainingMs = 3_000;
/** With no bytes for this long, there is no speed to speak of. */
const staleMs = 5_000;

/** Smoothed speed of one upload, from byte counts and a clock that only goes forward. */
export class RateMeter {
  #startedAt: number | undefined;
  #sampledAt = 0;
  #movedAt = 0;
  #bytes = 0;
  #speed = 0;
  #calmSpeed = 0;

  /** Bytes given back by a failed part lower the count; they are not counted as negative speed. */
  sample(elapsedMs: number, sentBytes: number): void {
    if (this.#startedAt === undefined) {
      this.#startedAt = this.#sampledAt = this.#movedAt = elapsedMs;
      this.#bytes = sentBytes;
      return;
    }
    const passed = elapsedMs - this.#sampledAt;
    // Too short a stretch says more about timers than about the line.
    if (passed < 250) return;
    const moved = Math.max(0, sentBytes - this.#bytes);
    const rate = (moved / passed) * 1000;
    const total = elapsedMs - this.#startedAt;
    // Until a window has filled, the average is over what there is: the first seconds are not dragged down by zero.
    this.#speed = blend(this.#speed, rate, passed / Math.min(speedWindowMs, total));
    this.#calmSpeed = blend(this.#calmSpeed, rate, passed / Math.min(remainingWindowMs, total));
    if (moved > 0) this.#movedAt = elapsedMs;
    this.#sampledAt = elapsedMs;
    this.#bytes = sentBytes;
  }

  bytesPerSecond(elapsedMs: number): number | undefined {
    return this.#isTelling(elapsedMs, minSpeedMs) ? Math.round(this.#speed) : undefined;
  }

  remainingSeconds(elapsedMs: number, leftBytes: number): number | undefined {
    return this.#isTelling(elapsedMs, minRemainingMs) && this.#calmSpeed > 0
      ? leftBytes / this.#calmSpeed
      : undefined;
  }

  reset(): void {
    this.#startedAt = undefined;
    this.#speed = this.#calmSpeed = 0;
  }

  #isTelling(elapsedMs: number, minMs: number): boolean {
    return (
      this.#startedAt !== undefined &&
      elapsedMs - this.#startedAt >= minMs &&
      elapsedMs - this.#movedAt < staleMs &&
      this.#speed > 0
    );
  }
}

function blend(average: number, sample: number, weight: number): number {
  return average + (sample - average) * Math.min(1, weight);
}

/** Time constants of the averages: speed follows quickly, time left calmly. */
const speedWindowMs = 8_000;
const remainingWindowMs = 15_000;
/** Less than this tells nothing yet. */
const minMs = 3_000;
/** With no bytes for this long, there is no speed to speak of, and what moves afterwards is measured anew. */
const staleMs = 5_000;

/**
 * Smoothed speed, from byte counts and a clock that only goes forward. It begins with the first movement, because the
 * wait for a connection says nothing about the line, and begins again after a gap.
 */
export class RateMeter {
  #startedAt: number | undefined;
  #sampledAt = 0;
  #movedAt = 0;
  #bytes: number | undefined;
  #speed = 0;
  #calmSpeed = 0;

  /** Bytes given back by a failed part lower the count; they are not counted as negative speed. */
  sample(elapsedMs: number, sentBytes: number): void {
    const moved = sentBytes - (this.#bytes ?? sentBytes);
    const isGap = this.#startedAt !== undefined && elapsedMs - this.#movedAt >= staleMs;
    if (this.#startedAt === undefined || (isGap && moved > 0)) {
      this.#bytes = sentBytes;
      // The first bytes only fill the buffers of the system, so they are not counted either.
      if (moved > 0) this.#start(elapsedMs);
      return;
    }
    const passed = elapsedMs - this.#sampledAt;
    // Too short a stretch says more about timers than about the line.
    if (passed < 250) return;
    const rate = (Math.max(0, moved) / passed) * 1000;
    const total = elapsedMs - this.#startedAt;
    // Until a window has filled, the average is over what there is: the first seconds are not dragged down by zero.
    this.#speed = blend(this.#speed, rate, passed / Math.min(speedWindowMs, total));
    this.#calmSpeed = blend(this.#calmSpeed, rate, passed / Math.min(remainingWindowMs, total));
    if (moved > 0) this.#movedAt = elapsedMs;
    this.#sampledAt = elapsedMs;
    this.#bytes = sentBytes;
  }

  /** For display. */
  bytesPerSecond(elapsedMs: number): number | undefined {
    return this.#isTelling(elapsedMs) ? Math.round(this.#speed) : undefined;
  }

  /** Over a longer time: for estimates. */
  calmBytesPerSecond(elapsedMs: number): number | undefined {
    return this.#isTelling(elapsedMs) && this.#calmSpeed > 0 ? this.#calmSpeed : undefined;
  }

  reset(): void {
    this.#startedAt = this.#bytes = undefined;
    this.#speed = this.#calmSpeed = 0;
  }

  #start(elapsedMs: number): void {
    this.#startedAt = this.#sampledAt = this.#movedAt = elapsedMs;
    this.#speed = this.#calmSpeed = 0;
  }

  #isTelling(elapsedMs: number): boolean {
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

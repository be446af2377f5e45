/** After more or fewer connections the rate needs this long: handshakes, slow start, buffers of the system. */
const settleMs = 700;
const measureMs = 1300;
/**
 * While the second half carries so many times what the first did, connections are still being opened up. Where the first
 * does, a line with loss has not met its first losses, or buffers of the system were filled.
 */
const unsteady = 1.5;
/** So often it is measured again for growing, and for falling; a line with loss is never steady. */
const mostGrowing = 2;
const mostFalling = 1;

/** Measures what the connections carry together, in bytes per ms, once that has settled and while all are in use. */
export class RateTrial {
  #from: number | undefined;
  #halves: [number, number] = [0, 0];
  #again = 0;

  /** The rate when it is known; then the next measurement begins. */
  moved(bytes: number, nowMs: number, isFull: boolean): number | undefined {
    if (!isFull) this.#from = undefined;
    if (this.#from === undefined) return this.#restart(nowMs + settleMs);
    const elapsedMs = nowMs - this.#from;
    if (elapsedMs <= 0) return undefined;
    const [first, second] = this.#halves;
    if (elapsedMs < measureMs) {
      this.#halves[elapsedMs < measureMs / 2 ? 0 : 1] += bytes;
      return undefined;
    }
    this.#restart(nowMs);
    const most = second > first * unsteady ? mostGrowing : first > second * unsteady ? mostFalling : 0;
    if (this.#again++ < most) return undefined;
    this.#again = 0;
    return (first + second + bytes) / elapsedMs;
  }

  #restart(from: number): undefined {
    this.#from = from;
    this.#halves = [0, 0];
  }
}

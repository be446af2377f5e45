import { TencentError } from './errors.js';

/** "A maximum of 100 requests can be initiated per second for this API": counted per action. */
export class RateLimit {
  #second = -1;
  readonly #counts = new Map<string, number>();

  /** Throws when the call exceeds the limit. */
  count(action: string, nowMs: number, perSecond: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) this.clear();
    this.#second = second;
    const count = (this.#counts.get(action) ?? 0) + 1;
    this.#counts.set(action, count);
    if (count > perSecond) throw new TencentError('RequestLimitExceeded');
  }

  clear(): void {
    this.#counts.clear();
  }
}

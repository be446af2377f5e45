const lockMs = 5 * 60_000;

/** Locks an access key after so many wrong signatures in a row, as in the gateway's FAQ; null disables it. */
export class KeyLock {
  readonly #limit: number | null;
  readonly #failures = new Map<string, { count: number; lastAt: number }>();

  constructor(limit: number | null) {
    this.#limit = limit;
  }

  isLocked(accessKey: string, nowMs: number): boolean {
    const failures = this.#failures.get(accessKey);
    return (
      this.#limit !== null &&
      failures !== undefined &&
      failures.count >= this.#limit &&
      nowMs - failures.lastAt < lockMs
    );
  }

  noteFailure(accessKey: string, nowMs: number): void {
    const count = (this.#failures.get(accessKey)?.count ?? 0) + 1;
    this.#failures.set(accessKey, { count, lastAt: nowMs });
  }

  noteSuccess(accessKey: string): void {
    this.#failures.delete(accessKey);
  }

  clear(): void {
    this.#failures.clear();
  }
}

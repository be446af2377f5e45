/** As long as a signed request may be off: before, it is refused by its time anyway. */
const windowMs = 15 * 60_000;

/** Nonces that were used lately, by access key. */
export class NonceCache {
  readonly #usedAt = new Map<string, number>();

  /** False when it was used before. */
  take(accessKeyId: string, nonce: string, nowMs: number): boolean {
    for (const [name, at] of this.#usedAt) if (nowMs - at > 2 * windowMs) this.#usedAt.delete(name);
    const name = `${accessKeyId} ${nonce}`;
    if (this.#usedAt.has(name)) return false;
    this.#usedAt.set(name, nowMs);
    return true;
  }

  clear(): void {
    this.#usedAt.clear();
  }
}

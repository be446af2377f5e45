/** The accepted clock skew: older requests are refused by their time. */
const windowMs = 15 * 60_000;

/** Recently used nonces, by access key. */
export class NonceCache {
  readonly #usedAt = new Map<string, number>();

  /** False when the nonce was used before. */
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

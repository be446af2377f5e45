interface Sent {
  readonly fingerprint: string;
  /** Of the upload, which must not find itself. */
  readonly id: string;
  readonly at: number;
}

/** As many as are remembered, 80 bytes each, and how long. */
const maxCount = 500;
const maxAgeMs = 90 * 24 * 3_600_000;

/**
 * What was sent from this browser, by fingerprint only: no name is kept. In `localStorage`, apart for each scope. Where
 * the browser has none, or no space, nothing is remembered.
 */
export class SentBefore {
  readonly #key: string;
  readonly #now: () => number;

  constructor(scope: string, now: () => number) {
    this.#key = `vodrop-sent-1:${scope}`;
    this.#now = now;
  }

  remember(fingerprint: string, id: string): void {
    const others = this.#read().filter((one) => one.fingerprint !== fingerprint);
    try {
      const kept = [...others, { fingerprint, id, at: this.#now() }].slice(-maxCount);
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // Full, or forbidden.
    }
  }

  /** Whether something of that many bytes was sent; only then is a fingerprint worth its reading. */
  hasSize(sizeBytes: number): boolean {
    return this.#read().some(({ fingerprint }) => fingerprint.startsWith(`${sizeBytes}-`));
  }

  /** When another upload sent that content. */
  sentAt(fingerprint: string, id: string): number | undefined {
    return this.#read().find((one) => one.fingerprint === fingerprint && one.id !== id)?.at;
  }

  #read(): readonly Sent[] {
    try {
      const stored = JSON.parse(localStorage.getItem(this.#key) ?? '[]') as unknown;
      return Array.isArray(stored)
        ? (stored as unknown[]).filter(isSent).filter(({ at }) => this.#now() - at < maxAgeMs)
        : [];
    } catch {
      return [];
    }
  }
}

function isSent(one: unknown): one is Sent {
  const { fingerprint, id, at } = (one ?? {}) as Partial<Record<keyof Sent, unknown>>;
  return typeof fingerprint === 'string' && typeof id === 'string' && typeof at === 'number';
}

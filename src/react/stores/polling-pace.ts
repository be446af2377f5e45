const firstMs = 1000;
const lastMs = 15_000;
const growth = 1.5;

/**
 * How long to wait between questions about processing uploads: 1 s at first, growing to 15 s; back to 1 s when
 * another upload begins to process. Short videos are ready in seconds, long ones take minutes.
 */
export class PollingPace {
  #asked = 0;
  #seen: ReadonlySet<string> = new Set();

  /** Tells which uploads are processing now. Any that was not before starts the pace anew. */
  see(ids: readonly string[]): void {
    if (ids.some((id) => !this.#seen.has(id))) this.#asked = 0;
    this.#seen = new Set(ids);
  }

  asked(): void {
    this.#asked += 1;
  }

  readonly nextMs = (): number =>
    Math.min(lastMs, Math.round(firstMs * growth ** Math.max(0, this.#asked - 1)));
}

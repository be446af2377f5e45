const firstMs = 1_000;
const lastMs = 15_000;
const growth = 1.5;

/**
 * How long to wait between questions about uploads that the cloud processes: 1 s at first, growing to 15 s; 1 s again
 * when another upload begins to process. Short videos are ready in seconds, long ones take minutes.
 */
export class PollingPace {
  #askedCount = 0;
  #known: ReadonlySet<string> = new Set();

  /** Call with the uploads that are processing now. Restarts, and returns true, when one of them is new. */
  see(ids: readonly string[]): boolean {
    const hasNew = ids.some((id) => !this.#known.has(id));
    this.#known = new Set(ids);
    if (hasNew) this.restart();
    return hasNew;
  }

  restart(): void {
    this.#askedCount = 0;
  }

  asked(): void {
    this.#askedCount += 1;
  }

  readonly nextMs = (): number =>
    Math.min(lastMs, Math.round(firstMs * growth ** Math.max(0, this.#askedCount - 1)));
}

/** An upload that holds a place, or wants one. */
export interface QueueItem {
  readonly id: string;
  readonly sizeBytes: number;
}

/** Files up to this size share a place: a hundred of them do not wait for each other. */
const smallBytes = 20 * 1024 * 1024;
const smallPerPlace = 12;

/**
 * Who may begin. A large file takes one of `places`, a small one a twelfth of it; so small files are prepared many at
 * a time (their calls to the endpoint travel together) and never wait behind a large one.
 */
export class Queue {
  readonly #places: number;
  readonly #waiting = new Map<string, boolean>();
  readonly #active = new Map<string, boolean>();
  #activeLarge = 0;

  constructor(places: number) {
    this.#places = places;
  }

  wait({ id, sizeBytes }: QueueItem): void {
    this.leave(id);
    this.#waiting.set(id, sizeBytes > smallBytes);
  }

  begin({ id, sizeBytes }: QueueItem): void {
    this.leave(id);
    const isLarge = sizeBytes > smallBytes;
    this.#active.set(id, isLarge);
    if (isLarge) this.#activeLarge += 1;
  }

  leave(id: string): void {
    this.#waiting.delete(id);
    if (this.#active.get(id)) this.#activeLarge -= 1;
    this.#active.delete(id);
  }

  /** Those that may begin now, in the order in which they came. */
  admit(): string[] {
    let freeLarge = this.#places - this.#activeLarge;
    let freeSmall = this.#places * smallPerPlace - (this.#active.size - this.#activeLarge);
    const admitted: string[] = [];
    for (const [id, isLarge] of this.#waiting) {
      if (freeLarge <= 0 && freeSmall <= 0) break;
      if (isLarge ? freeLarge-- > 0 : freeSmall-- > 0) admitted.push(id);
    }
    return admitted;
  }
}

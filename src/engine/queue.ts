/** An upload that holds a place, or wants one. */
export interface QueueItem {
  readonly id: string;
  readonly sizeBytes: number;
}

/** Files up to this size share a place: a hundred of them do not wait for each other. */
const smallBytes = 20 * 1024 * 1024;
const smallPerPlace = 32;

/**
 * Who may begin. A large file takes one of `places`, a small one a small part of one; so small files never wait behind
 * a large one, and are prepared many at a time. Where many wait they are let in by the half-full house, not one by one:
 * their calls to the endpoint travel together, and half a house of them keeps every connection busy meanwhile.
 */
export class Queue {
  readonly #places: number;
  readonly #waiting = new Map<string, boolean>();
  readonly #active = new Map<string, boolean>();
  #activeLarge = 0;
  #waitingLarge = 0;

  constructor(places: number) {
    this.#places = places;
  }

  get activeCount(): number {
    return this.#active.size;
  }

  wait({ id, sizeBytes }: QueueItem): void {
    this.leave(id);
    const isLarge = sizeBytes > smallBytes;
    this.#waiting.set(id, isLarge);
    if (isLarge) this.#waitingLarge += 1;
  }

  begin({ id, sizeBytes }: QueueItem): void {
    this.leave(id);
    const isLarge = sizeBytes > smallBytes;
    this.#active.set(id, isLarge);
    if (isLarge) this.#activeLarge += 1;
  }

  leave(id: string): void {
    if (this.#waiting.get(id)) this.#waitingLarge -= 1;
    this.#waiting.delete(id);
    if (this.#active.get(id)) this.#activeLarge -= 1;
    this.#active.delete(id);
  }

  /** Those that may begin now, in the order in which they came. */
  admit(): string[] {
    let freeLarge = this.#places - this.#activeLarge;
    let freeSmall = this.#freeSmall();
    const admitted: string[] = [];
    for (const [id, isLarge] of this.#waiting) {
      if (freeLarge <= 0 && freeSmall <= 0) break;
      if (isLarge ? freeLarge-- > 0 : freeSmall-- > 0) admitted.push(id);
    }
    return admitted;
  }

  #freeSmall(): number {
    const all = this.#places * smallPerPlace;
    const free = all - (this.#active.size - this.#activeLarge);
    const wanted = this.#waiting.size - this.#waitingLarge;
    return free >= wanted || free >= all / 2 ? free : 0;
  }
}

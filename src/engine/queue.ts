/** An upload that holds a place, or wants one. */
export interface QueueItem {
  readonly id: string;
  readonly sizeBytes: number;
}

/** Files up to this size share a place: a hundred of them do not wait for each other. */
const smallBytes = 20 * 1024 * 1024;
const smallPerPlace = 32;

/**
 * Decides which uploads may begin. A large file takes one of `places`, a small one a fraction of one, so small files never
 * wait behind a large one. Where many small files wait, they are admitted only when half of the slots are free, so that
 * their calls to the endpoint share a batch; the other half keeps every connection busy meanwhile.
 */
export class Queue {
  readonly #places: number;
  /** In two lines, so that the end of one is found without walking the other. */
  readonly #waiting = { large: new Set<string>(), small: new Set<string>() };
  /** All of both lines, in the order in which they came. */
  readonly #order = new Set<string>();
  readonly #active = { large: new Set<string>(), small: new Set<string>() };
  #positions: ReadonlyMap<string, number> | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  get activeCount(): number {
    return this.#active.large.size + this.#active.small.size;
  }

  /** How many of those that wait came before each of them. */
  get positions(): ReadonlyMap<string, number> {
    if (this.#positions) return this.#positions;
    const positions = new Map<string, number>();
    for (const id of this.#order) positions.set(id, positions.size);
    return (this.#positions = positions);
  }

  wait(item: QueueItem): void {
    this.leave(item.id);
    this.#positions = undefined;
    this.#waiting[kindOf(item)].add(item.id);
    this.#order.add(item.id);
  }

  begin(item: QueueItem): void {
    this.leave(item.id);
    this.#active[kindOf(item)].add(item.id);
  }

  leave(id: string): void {
    if (this.#order.delete(id)) this.#positions = undefined;
    for (const { large, small } of [this.#waiting, this.#active]) {
      large.delete(id);
      small.delete(id);
    }
  }

  /** Those that may begin now: of each kind in the order in which they came. */
  admit(): string[] {
    const freeLarge = this.#places - this.#active.large.size;
    return [...first(this.#waiting.large, freeLarge), ...first(this.#waiting.small, this.#freeSmall())];
  }

  #freeSmall(): number {
    const all = this.#places * smallPerPlace;
    const free = all - this.#active.small.size;
    return free >= this.#waiting.small.size || free >= all / 2 ? free : 0;
  }
}

/** Whether it shares a place with others. */
export function isSmall({ sizeBytes }: { readonly sizeBytes: number }): boolean {
  return sizeBytes <= smallBytes;
}

function kindOf(item: QueueItem): 'large' | 'small' {
  return isSmall(item) ? 'small' : 'large';
}

function first(ids: Iterable<string>, count: number): string[] {
  const found: string[] = [];
  // Browsers reach the first of many only past all that have left before it.
  if (count <= 0) return found;
  for (const id of ids) {
    found.push(id);
    if (found.length >= count) break;
  }
  return found;
}

/** Collects single questions and asks them together. */
export interface BatcherOptions<Item, Result> {
  /** A batch weighs at most this, unless a single item weighs more. */
  maxWeight: number;
  /** Default: each item weighs 1. */
  weigh?: (item: Item) => number;
  /** How long an item may wait for others, in ms. Default 0: the rest of this turn. */
  batchDelayMs?: (item: Item) => number;
  /** Calls at once; items asked for beyond that wait and travel together. Default 3. */
  maxUnderWay?: number;
  /** One result per item, in order. A rejection is every item's. */
  send: (items: Item[]) => Promise<readonly Result[]>;
  /** Whether one item may have failed the call for all. Then its halves are sent, so that only that item fails. */
  isOfOneItem?: (error: unknown) => boolean;
}

interface Question<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Questions asked in the same turn travel together, and those asked while enough calls are under way wait for
 * the next one: a lone upload is never delayed, a thousand share a few calls.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  readonly #queue: Question<Item, Result>[] = [];
  #isScheduled = false;
  #delayed: ReturnType<typeof setTimeout> | undefined;
  #underWay = 0;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  ask(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule(this.#options.batchDelayMs?.(item) ?? 0);
    });
  }

  /** An item without a delay takes the delayed ones along. */
  #schedule(batchDelayMs: number): void {
    if (this.#isScheduled) return;
    if (batchDelayMs > 0) {
      this.#delayed ??= setTimeout(() => this.#flush(), batchDelayMs);
      return;
    }
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const { maxUnderWay = 3 } = this.#options;
    clearTimeout(this.#delayed);
    this.#delayed = undefined;
    while (this.#queue.length > 0 && this.#underWay < maxUnderWay) {
      const batch = this.#take();
      this.#underWay += 1;
      this.#send(batch)
        .finally(() => {
          this.#underWay -= 1;
          // Delayed items go when their delay is over; items that waited for this call go now.
          if (this.#queue.length > 0 && this.#delayed === undefined) this.#schedule(0);
        })
        // The batch has its answers; nothing else can fail here.
        .catch(() => {});
    }
  }

  async #send(batch: readonly Question<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('fewer results than questions'));
        else resolve(result);
      });
    } catch (error) {
      if (batch.length === 1 || !this.#options.isOfOneItem?.(error))
        return batch.forEach(({ reject }) => reject(error));
      const half = Math.ceil(batch.length / 2);
      await this.#send(batch.slice(0, half));
      await this.#send(batch.slice(half));
    }
  }

  #take(): Question<Item, Result>[] {
    const { maxWeight, weigh = () => 1 } = this.#options;
    let weight = 0;
    let count = 0;
    for (const { item } of this.#queue) {
      weight += weigh(item);
      if (count > 0 && weight > maxWeight) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }
}

import { hashText, type Chance } from './chance.js';
import { untilQuiet } from './quiet.js';

interface Event {
  readonly at: number;
  readonly name: string;
  /** Of how many of that name it is the next. */
  readonly count: number;
  run: (() => void) | undefined;
}

/** Where virtual time begins. */
const epochMs = Date.UTC(2026, 0, 15);

/**
 * Virtual time and everything that waits for it. One event is delivered at a time; the next one follows when nothing is
 * left that can go on by itself. Events of one moment are ordered by their names, not by the order in which they were
 * made.
 */
export class Scheduler {
  readonly chance: Chance;
  readonly #events = new Heap();
  readonly #counts = new Map<string, number>();
  readonly #lines: string[] | undefined;
  #elapsedMs = 0;
  #logHash = 0;
  #delivered = 0;
  /** Called when all is quiet after an event. */
  onQuiet: () => Promise<void> = () => Promise.resolve();

  constructor(chance: Chance, { keepsLog = false } = {}) {
    this.chance = chance;
    this.#lines = keepsLog ? [] : undefined;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return epochMs + this.#elapsedMs;
  }

  /** Of everything that was delivered and noted: equal for equal runs. */
  get logHash(): number {
    return this.#logHash;
  }

  get log(): readonly string[] {
    return this.#lines ?? [];
  }

  get deliveredCount(): number {
    return this.#delivered;
  }

  /** Calls `run` after the delay. Returns the way to take it back. */
  after(delayMs: number, name: string, run: () => void): () => void {
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    const event: Event = { at: this.#elapsedMs + Math.max(0, delayMs), name, count, run };
    this.#events.push(event);
    return () => {
      event.run = undefined;
    };
  }

  note(text: string): void {
    const line = `${String(this.#elapsedMs).padStart(7)} ${text}`;
    this.#logHash = hashText(line, this.#logHash);
    this.#lines?.push(line);
  }

  /** Delivers everything that is due within `ms`. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsedMs + ms;
    await untilQuiet();
    for (;;) {
      const next = this.#events.peek();
      if (!next || next.at > end) break;
      this.#events.pop();
      if (!next.run) continue;
      this.#elapsedMs = Math.max(this.#elapsedMs, next.at);
      this.note(`${next.name}#${next.count}`);
      this.#delivered += 1;
      next.run();
      await untilQuiet();
      await this.onQuiet();
    }
    this.#elapsedMs = end;
  }
}

/** Events, earliest first, those of one moment by their names. */
class Heap {
  readonly #items: Event[] = [];

  peek(): Event | undefined {
    return this.#items[0];
  }

  push(event: Event): void {
    const items = this.#items;
    items.push(event);
    let index = items.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  pop(): void {
    const items = this.#items;
    const last = items.pop();
    if (!last || items.length === 0) return;
    items[0] = last;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let first = index;
      if (left < items.length && this.#isBefore(left, first)) first = left;
      if (right < items.length && this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (!one || !other) return false;
    if (one.at !== other.at) return one.at < other.at;
    return one.name === other.name ? one.count < other.count : one.name < other.name;
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    [items[a], items[b]] = [items[b] as Event, items[a] as Event];
  }
}

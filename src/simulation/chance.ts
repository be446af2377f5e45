/**
 * The one source of chance of a run. A draw depends on the seed, on what is drawn for, and on how often that was drawn
 * for before, never on what happened elsewhere in between.
 */
export class Chance {
  readonly seed: number;
  readonly #mixedSeed: number;
  readonly #counts = new Map<string, number>();

  constructor(seed: number) {
    this.seed = seed;
    // Neighbouring seeds would have much in common otherwise.
    this.#mixedSeed = hashText(`seed ${seed}`) | 0;
  }

  /** From 0 up to, but not including, 1. */
  draw(key: string): number {
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return hashText(`${key}#${count}`, this.#mixedSeed) / 2 ** 53;
  }

  happens(key: string, probability: number): boolean {
    return probability > 0 && this.draw(key) < probability;
  }

  /** A whole number; both ends included. */
  between(key: string, min: number, max: number): number {
    return min + Math.floor(this.draw(key) * (max - min + 1));
  }

  pick<T>(key: string, items: readonly [T, ...T[]]): T {
    return items[this.between(key, 0, items.length - 1)] ?? items[0];
  }

  /** One of the keys, each as probable as its weight. */
  weighted<K extends string>(key: string, weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let rest = this.draw(key) * total;
    for (const [name, weight] of entries) {
      rest -= weight;
      if (rest < 0) return name;
    }
    return (entries.at(-1) as [K, number])[0];
  }

  /** Bytes for ids and keys. */
  bytes(key: string, target: Uint8Array): void {
    let state = Math.floor(this.draw(key) * 2 ** 32) >>> 0;
    for (let index = 0; index < target.length; index += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      target[index] = state >>> 24;
    }
  }
}

/** 53 bits of a text (cyrb53, public domain): fast, and the same on every machine. */
export function hashText(text: string, seed = 0): number {
  let low = 0xdeadbeef ^ seed;
  let high = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0);
}

import { abortable } from '../retry/abort.js';
import { Pace } from './pace.js';

interface Waiter {
  owner: string;
  grant: () => void;
}

/**
 * The connections to the store, shared by all uploads. A free one goes to the upload that holds the fewest, so that
 * a small file beside a large one gets its turn at once, and the large one keeps the rest.
 */
export class ConnectionPool {
  readonly #pace: Pace;
  readonly #inUse = new Map<string, number>();
  readonly #waiting: Waiter[] = [];
  #busy = 0;

  constructor(size: number) {
    this.#pace = new Pace(size);
  }

  /** How many are of use now. */
  get size(): number {
    return this.#pace.limit;
  }

  /** True while every one of them is taken. */
  get isFull(): boolean {
    return this.#busy >= this.#pace.limit;
  }

  /** How many there may ever be. */
  get max(): number {
    return this.#pace.max;
  }

  /** Connections over a smaller size are given back as their parts end. */
  resize(size: number): void {
    this.#pace.setMax(size);
    this.#grantFree();
  }

  /** A part was stored with one of them; what that tells of the line is used at once. */
  stored(sizeBytes: number, durationMs: number): void {
    this.#pace.stored(sizeBytes, durationMs, this.#busy);
    this.#grantFree();
  }

  troubled(): void {
    this.#pace.troubled();
  }

  /** Resolves with the function that releases the connection; rejects with the signal's reason. */
  acquire(owner: string, signal: AbortSignal): Promise<() => void> {
    return abortable<() => void>(signal, (resolve) => {
      const waiter: Waiter = { owner, grant: () => resolve(this.#take(owner)) };
      this.#waiting.push(waiter);
      this.#grantFree();
      return () => void this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
    });
  }

  #take(owner: string): () => void {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#busy -= 1;
      const left = (this.#inUse.get(owner) ?? 1) - 1;
      if (left > 0) this.#inUse.set(owner, left);
      else this.#inUse.delete(owner);
      this.#grantFree();
    };
  }

  #grantFree(): void {
    while (this.#busy < this.#pace.limit && this.#waiting.length > 0) {
      let next = 0;
      for (let index = 1; index < this.#waiting.length; index++) {
        if (this.#inUseBy(this.#waiting[index]) < this.#inUseBy(this.#waiting[next])) next = index;
      }
      const [waiter] = this.#waiting.splice(next, 1);
      if (!waiter) return;
      this.#busy += 1;
      this.#inUse.set(waiter.owner, this.#inUseBy(waiter) + 1);
      waiter.grant();
    }
  }

  #inUseBy(waiter: Waiter | undefined): number {
    return waiter ? (this.#inUse.get(waiter.owner) ?? 0) : 0;
  }
}

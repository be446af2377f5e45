import type { SafeStore } from '../bounded.js';
import { Claims } from '../claims.js';
import { digestOf } from './fields.js';

/** Longer than any vendor goes on sending. */
const doneLifetimeMs = 7 * 24 * 60 * 60_000;
/** Vendors wait for an answer for five seconds. */
const patienceMs = 3000;

/** Handles each event once, however often it is delivered. */
export class Deliveries {
  readonly #store: SafeStore;
  readonly #claims: Claims;
  /** Of this instance, by key. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(store: SafeStore) {
    this.#store = store;
    this.#claims = new Claims(store);
  }

  /**
   * Rejects where `handle` does: then the next delivery begins anew. Deliveries at the same time share one handling; one
   * at another instance waits for it a moment, and is refused then, so that the vendor repeats it.
   */
  async once(sourceId: string, eventId: string, handle: () => Promise<void>): Promise<void> {
    const key = `vodrop:event:${digestOf(JSON.stringify([sourceId, eventId]))}`;
    const running = this.#underWay.get(key);
    if (running) return running;
    const run = this.#claims
      .alone(key, () => this.#once(key, handle), { patienceMs })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, run);
    return run;
  }

  async #once(key: string, handle: () => Promise<void>): Promise<void> {
    // A store that is down answers no question: better twice than never.
    if ((await this.#store.get(key).catch(() => undefined)) === 'done') return;
    await handle();
    await this.#put(key, 'done', doneLifetimeMs);
  }

  async #put(key: string, value: string, lifetimeMs: number): Promise<void> {
    await this.#store.put(key, value, lifetimeMs).catch(() => undefined);
  }
}

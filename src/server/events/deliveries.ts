import { EndpointError } from '../errors.js';
import type { EndpointStore } from '../memory.js';
import { digestOf } from './fields.js';

/** Longer than any vendor goes on sending. */
const doneLifetimeMs = 7 * 24 * 60 * 60_000;
/** A delivery that takes longer than this is taken for one whose instance has stopped. */
const pendingLifetimeMs = 60_000;

/** Handles each event once, however often it is delivered. */
export class Deliveries {
  readonly #store: EndpointStore;
  /** Of this instance, by key. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(store: EndpointStore) {
    this.#store = store;
  }

  /**
   * Rejects where `handle` does: then the next delivery begins anew. Deliveries at the same time share one handling.
   */
  async once(sourceId: string, eventId: string, handle: () => Promise<void>): Promise<void> {
    const key = `vodrop:event:${digestOf(JSON.stringify([sourceId, eventId]))}`;
    const running = this.#underWay.get(key);
    if (running) return running;
    const run = this.#once(key, handle).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, run);
    return run;
  }

  async #once(key: string, handle: () => Promise<void>): Promise<void> {
    // A store that is down answers no question: better twice than never.
    const state = await this.#store.get(key).catch(() => undefined);
    if (state === 'done') return;
    if (state === 'pending')
      throw new EndpointError('vendor-unavailable', { detail: 'Another instance handles this event.' });
    await this.#put(key, 'pending', pendingLifetimeMs);
    try {
      await handle();
    } catch (error) {
      await this.#put(key, '', 1);
      throw error;
    }
    await this.#put(key, 'done', doneLifetimeMs);
  }

  async #put(key: string, value: string, lifetimeMs: number): Promise<void> {
    await this.#store.put(key, value, lifetimeMs).catch(() => undefined);
  }
}

import { EndpointError } from './errors.js';
import type { EndpointStore } from './memory.js';

export type End = 'confirmed' | 'discarded';

export interface EndsOptions {
  readonly store: EndpointStore;
  /** As long as a ticket lives. */
  readonly lifetimeMs: number;
}

/** How uploads have ended, as far as this endpoint has seen it: the clouds' own states decide where it has not. */
export class Ends {
  readonly #store: EndpointStore;
  readonly #lifetimeMs: number;
  /** The calls that end uploads, by session: one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor({ store, lifetimeMs }: EndsOptions) {
    this.#store = store;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Throws `media-state-conflict` if the upload has ended in one of these ways. */
  async refuseAfter(sessionId: string, ...ends: readonly End[]): Promise<void> {
    const end = await this.#store.get(keyOf(sessionId)).catch(() => undefined);
    if (ends.some((one) => one === end))
      throw new EndpointError('media-state-conflict', { detail: `This upload was ${end} already.` });
  }

  /** A finish and a cancel at the same time have one winner: the second call sees the end that the first has made. */
  async inTurn<T>(
    sessionId: string,
    end: End,
    work: () => Promise<{ hasEnded: boolean; result: T }>,
  ): Promise<T> {
    const before = this.#turns.get(sessionId) ?? Promise.resolve();
    const turn = before.then(
      () => this.#end(sessionId, end, work),
      () => this.#end(sessionId, end, work),
    );
    this.#turns.set(sessionId, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(sessionId) === turn) this.#turns.delete(sessionId);
    }
  }

  async #end<T>(
    sessionId: string,
    end: End,
    work: () => Promise<{ hasEnded: boolean; result: T }>,
  ): Promise<T> {
    await this.refuseAfter(sessionId, end === 'confirmed' ? 'discarded' : 'confirmed');
    const { hasEnded, result } = await work();
    if (hasEnded) await this.#store.put(keyOf(sessionId), end, this.#lifetimeMs).catch(() => undefined);
    return result;
  }
}

function keyOf(sessionId: string): string {
  return `vodrop:end:${sessionId}`;
}

import type { SafeStore } from './bounded.js';
import { Claims } from './claims.js';
import { EndpointError } from './errors.js';
import { MediaSessions } from './media-sessions.js';

export interface Ending<T> {
  readonly hasEnded: boolean;
  readonly result: T;
}

export type End = 'confirmed' | 'discarded';

export interface EndsOptions {
  readonly store: SafeStore;
  /** As long as a ticket lives. */
  readonly lifetimeMs: number;
}

const toldSuffix = ':told';
const completingSuffix = ':completing';

export interface Completing {
  /** Whether another call has begun to complete the upload before. */
  readonly isRepeat: boolean;
  /** Whether another call has begun to do so since. */
  readonly isContested: () => Promise<boolean>;
}

/** How uploads have ended, as far as this endpoint has seen it: the clouds' own states decide where it has not. */
export class Ends {
  readonly #store: SafeStore;
  readonly #lifetimeMs: number;
  readonly #claims: Claims;

  constructor({ store, lifetimeMs }: EndsOptions) {
    this.#store = store;
    this.#lifetimeMs = lifetimeMs;
    this.#claims = new Claims(store);
  }

  /** Throws `media-state-conflict` if the upload has ended in one of these ways. */
  async refuseAfter(sessionId: string, ...ends: readonly End[]): Promise<void> {
    const end = await this.#endOf(sessionId);
    if (end !== undefined && ends.includes(end)) throw conflict(end);
  }

  async isDiscarded(sessionId: string): Promise<boolean> {
    return (await this.#endOf(sessionId)) === 'discarded';
  }

  /** For messages of the vendor about a medium, which name no upload. */
  async rememberMedia(providerId: string, mediaId: string | undefined, sessionId: string): Promise<void> {
    if (mediaId === undefined) return;
    const sessions = new MediaSessions(this.#store);
    await sessions.remember({ providerId, mediaId, sessionId }, this.#lifetimeMs);
  }

  /**
   * A finish and a cancel at the same time have one winner, at one instance or two: the second call sees the end that the
   * first has made. `isFirst` of the answer: the upload has ended just now.
   */
  async inTurn<T>(
    sessionId: string,
    end: End,
    work: () => Promise<Ending<T>>,
  ): Promise<{ readonly result: T; readonly isFirst: boolean }> {
    return this.#claims.alone(keyOf(sessionId), () => this.#end(sessionId, end, work));
  }

  /** What must not happen while the upload ends, nor after it. */
  async beforeEnd<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    return this.#claims.alone(keyOf(sessionId), async () => {
      await this.refuseAfter(sessionId, 'confirmed', 'discarded');
      return work();
    });
  }

  /**
   * Notes that a call completes the upload. Where the store grants no claims, or an instance has stood still for longer
   * than its claim lives, a second one may complete it meanwhile: the one that finds the upload gone has to look for what
   * the other has made of it.
   */
  async completing(sessionId: string): Promise<Completing> {
    const key = keyOf(sessionId) + completingSuffix;
    const read = () => this.#store.get(key).catch(() => undefined);
    const own: string = crypto.randomUUID();
    const isRepeat = (await read()) !== undefined;
    await this.#put(key, own);
    return { isRepeat, isContested: async () => ![undefined, own].includes(await read()) };
  }

  /**
   * Tells the host of an end. A repeated call tells it again only if the host has failed before, or the store has
   * forgotten.
   */
  async tellOnce(sessionId: string, tell: () => Promise<void>): Promise<void> {
    const key = keyOf(sessionId) + toldSuffix;
    await this.#claims.alone(key, async () => {
      const isTold = await this.#store.get(key).catch(() => undefined);
      if (isTold) return;
      await tell();
      await this.#put(key, 'told');
    });
  }

  async #end<T>(sessionId: string, end: End, work: () => Promise<Ending<T>>) {
    const before = await this.#endOf(sessionId);
    if (before !== undefined && before !== end) throw conflict(before);
    const { hasEnded, result } = await work();
    if (hasEnded) await this.#put(keyOf(sessionId), end);
    return { result, isFirst: hasEnded && before === undefined };
  }

  async #endOf(sessionId: string): Promise<End | undefined> {
    const end = await this.#store.get(keyOf(sessionId)).catch(() => undefined);
    return end === 'confirmed' || end === 'discarded' ? end : undefined;
  }

  /** A store that is down costs this memory; the clouds' own states decide then. */
  #put(key: string, value: string): Promise<void> {
    return this.#store.put(key, value, this.#lifetimeMs).catch(() => undefined);
  }
}

function conflict(end: End): EndpointError {
  return new EndpointError('media-state-conflict', { detail: `This upload was ${end} already.` });
}

function keyOf(sessionId: string): string {
  return `vodrop:end:${sessionId}`;
}

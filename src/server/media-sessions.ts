import type { SafeStore } from './bounded.js';
import { sha256Hex } from './hash.js';

/** Which upload made a medium: messages of a vendor name only the medium. */
export class MediaSessions {
  readonly #store: SafeStore;

  constructor(store: SafeStore) {
    this.#store = store;
  }

  /** A store that is down costs the session in events, not the upload. */
  async remember(
    { providerId, mediaId, sessionId }: { providerId: string; mediaId: string; sessionId: string },
    lifetimeMs: number,
  ): Promise<void> {
    await this.#store.put(keyOf(providerId, mediaId), sessionId, lifetimeMs).catch(() => undefined);
  }

  async find(providerId: string, mediaId: string): Promise<string | undefined> {
    return (await this.#store.get(keyOf(providerId, mediaId)).catch(() => undefined)) || undefined;
  }
}

function keyOf(providerId: string, mediaId: string): string {
  return `vodrop:media:${sha256Hex(JSON.stringify([providerId, mediaId]))}`;
}

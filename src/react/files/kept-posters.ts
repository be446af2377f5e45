const cacheName = 'vodrop-posters-1';
/** Of all places together, some kB each. The oldest go first. */
const maxCount = 50;

/**
 * Pictures of uploads under way, kept for the card that offers to continue them on a later visit. In the browser's Cache
 * API, apart for each place: an endpoint, a provider, a scope. Where there is none (plain HTTP, a frame without an
 * origin, no space left) nothing is kept and nothing is found.
 */
export class KeptPosters {
  readonly #folder: string;

  constructor(place: string) {
    this.#folder = `/vodrop-posters/${encodeURIComponent(place)}/`;
  }

  /** Also deletes the pictures of this place that are of no use any more. */
  async keep(id: string, picture: Blob, isOfUse: (id: string) => boolean): Promise<void> {
    await this.#attempt((cache) => cache.put(this.#address(id), new Response(picture)));
    await this.tidy((other) => other === id || isOfUse(other));
  }

  async find(id: string): Promise<Blob | undefined> {
    const found = await this.#attempt((cache) => cache.match(this.#address(id)));
    return found?.blob().catch(() => undefined);
  }

  async delete(id: string): Promise<void> {
    await this.#attempt((cache) => cache.delete(this.#address(id)));
  }

  async tidy(isOfUse: (id: string) => boolean): Promise<void> {
    await this.#attempt(async (cache) => {
      const kept = await cache.keys();
      const tooMany = kept.slice(0, Math.max(0, kept.length - maxCount));
      const ofNoUse = kept.filter((request) => {
        const id = this.#idOf(request.url);
        return id !== undefined && !isOfUse(id);
      });
      await Promise.all([...new Set([...tooMany, ...ofNoUse])].map((request) => cache.delete(request)));
    });
  }

  #address(id: string): string {
    return new URL(this.#folder + encodeURIComponent(id), location.origin).href;
  }

  #idOf(url: string): string | undefined {
    const { pathname } = new URL(url);
    return pathname.startsWith(this.#folder)
      ? decodeURIComponent(pathname.slice(this.#folder.length))
      : undefined;
  }

  async #attempt<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await caches.open(cacheName));
    } catch {
      return undefined;
    }
  }
}

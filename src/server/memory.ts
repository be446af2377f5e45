/**
 * What the endpoint remembers of uploads: repeated starts, and how uploads have ended. Two methods, so that any store of
 * keys with a lifetime will do; several instances of the endpoint should share one. Values hold tickets and presigned
 * requests: they are as secret as those.
 *
 * @example
 * // Redis or Valkey, by `redis` from npm:
 * const store: EndpointStore = {
 *   get: async (key) => (await redis.get(key)) ?? undefined,
 *   put: async (key, value, lifetimeMs) => void (await redis.set(key, value, { PX: lifetimeMs })),
 * };
 */
export interface EndpointStore {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, lifetimeMs: number): Promise<void>;
}

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Beyond this many entries the oldest are forgotten. Default 10,000. */
  readonly maxEntries?: number;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** An `EndpointStore` of one process: the default. */
export function memoryStore({ maxEntries = 10_000, now = Date.now }: MemoryStoreOptions = {}): EndpointStore {
  const entries = new Map<string, { readonly value: string; readonly endsAt: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry && entry.endsAt > now()) return Promise.resolve(entry.value);
      entries.delete(key);
      return Promise.resolve(undefined);
    },
    put(key, value, lifetimeMs) {
      // Last again, so that the oldest come first.
      entries.delete(key);
      entries.set(key, { value, endsAt: now() + lifetimeMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
      return Promise.resolve();
    },
  };
}

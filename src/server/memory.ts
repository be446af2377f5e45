/**
 * What the endpoint remembers of uploads: repeated starts, and how uploads have ended. Two methods, so that any store of
 * keys with a lifetime will do; several instances of the endpoint should share one. Values hold tickets and presigned
 * requests: they are as secret as those.
 *
 * With the third method, calls about one upload that reach two instances in the same moment are done one after the other:
 * the same start begins once, and a finish and a cancel have one winner. Without it the endpoint writes, and reads what
 * was written, which leaves a gap of one round trip to the store.
 *
 * @example
 * // Redis or Valkey, by `redis` from npm:
 * const store: EndpointStore = {
 *   get: async (key) => (await redis.get(key)) ?? undefined,
 *   put: async (key, value, lifetimeMs) => void (await redis.set(key, value, { PX: lifetimeMs })),
 *   putIfAbsent: async (key, value, lifetimeMs) =>
 *     (await redis.set(key, value, { PX: lifetimeMs, NX: true })) === 'OK',
 * };
 */
export interface EndpointStore {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, lifetimeMs: number): Promise<void>;
  /**
   * Writes only where the key has no value, in one step: true when it has written, false when there is a value. Leave it
   * out where the store cannot do that; a `get` followed by a `put` is not the same.
   */
  putIfAbsent?(key: string, value: string, lifetimeMs: number): Promise<boolean>;
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
  const read = (key: string): string | undefined => {
    const entry = entries.get(key);
    if (entry && entry.endsAt > now()) return entry.value;
    entries.delete(key);
    return undefined;
  };
  const write = (key: string, value: string, lifetimeMs: number): void => {
    // Last again, so that the oldest come first.
    entries.delete(key);
    // The endpoint forgets by writing nothing: that takes no place of an entry that is needed.
    if (value !== '') entries.set(key, { value, endsAt: now() + lifetimeMs });
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  };
  return {
    get: (key) => Promise.resolve(read(key)),
    put: (...entry) => Promise.resolve(write(...entry)),
    putIfAbsent(key, ...entry) {
      if (read(key) !== undefined) return Promise.resolve(false);
      write(key, ...entry);
      return Promise.resolve(true);
    },
  };
}

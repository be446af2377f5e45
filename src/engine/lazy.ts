import type { EndpointClient, EndpointClientOptions } from './endpoint/types.js';
import type { JournalStore } from './resume/store.js';
import type { PartWorkers } from './worker/client.js';

/** Loads once, on first use; tries again at the next use if that failed. */
export function once<T>(load: () => Promise<T>): {
  get: () => Promise<T>;
  peek: () => Promise<T> | undefined;
} {
  let loaded: Promise<T> | undefined;
  return {
    get: () =>
      (loaded ??= load().catch((error: unknown) => {
        loaded = undefined;
        throw error;
      })),
    peek: () => loaded,
  };
}

/** An object whose methods load it first. All of them answer promises, so a new method needs no line here. */
function lazily<T extends object>(get: () => Promise<T>): T {
  return new Proxy({} as T, {
    get: (_, name) =>
      // Not thenable: `await` must not load it.
      name === 'then'
        ? undefined
        : async (...args: unknown[]) => {
            const loaded = await get();
            return (loaded[name as keyof T] as (...args: unknown[]) => unknown).apply(loaded, args);
          },
  });
}

/** A client whose code, and the protocol's schemas, come with the first call. */
export function lazyClient(options: EndpointClientOptions): EndpointClient {
  return lazily<EndpointClient>(
    once(async () => new (await import('./endpoint/client.js')).HttpEndpointClient(options)).get,
  );
}

/** Workers whose code comes with the first file. */
export function lazyWorkers(load: () => Promise<PartWorkers>): PartWorkers {
  const { get, peek } = once(load);
  return {
    hash: async (...call) => (await get()).hash(...call),
    put: async (...call) => (await get()).put(...call),
    // What was never loaded is not loaded to be closed.
    close: () =>
      void peek()?.then(
        (workers) => workers.close(),
        () => {},
      ),
  };
}

/** A journal whose code comes beside the page instead of before it. */
export function lazyJournalStore(load: () => Promise<JournalStore>): JournalStore {
  return lazily<JournalStore>(once(load).get);
}

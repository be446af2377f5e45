import type { EndpointClient, EndpointClientOptions } from './endpoint/types.js';
import { type LoadPorts, loadCode } from './load-code.js';
import type { JournalStore } from './resume/store.js';
import { orAborted } from './retry/abort.js';
import { closeWorkerAhead, startWorkerAhead } from './worker/create-worker.js';
import type { PartWorkers } from './worker/client.js';

/** Loads once, on first use; tries again at the next use if that failed. */
function once<T>(load: () => Promise<T>): {
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

/** The same function each time, as `loadCode` has it. */
export type LoadClient = () => Promise<{
  HttpEndpointClient: new (options: EndpointClientOptions) => EndpointClient;
}>;

/** A client whose code comes with the first call. */
export function lazyClient(
  load: LoadClient,
  options: EndpointClientOptions,
  ports: LoadPorts,
): EndpointClient {
  return lazily<EndpointClient>(
    once(async () => new (await loadCode(load, ports)).HttpEndpointClient(options)).get,
  );
}

/** Workers whose code comes with the first file. */
export function lazyWorkers(load: (signal: AbortSignal) => Promise<PartWorkers>): PartWorkers {
  const closed = new AbortController();
  const { get, peek } = once(() => load(closed.signal));
  return {
    hash: async (body, options) => (await orAborted(get(), options.signal)).hash(body, options),
    hashTogether: async (bodies, options) => {
      const workers = await orAborted(get(), options.signal);
      return (
        workers.hashTogether?.(bodies, options) ??
        Promise.all(bodies.map((body) => workers.hash(body, options)))
      );
    },
    put: async (request, body, options) =>
      (await orAborted(get(), options.signal)).put(request, body, options),
    preload: (count) => {
      if (closed.signal.aborted) return;
      if (!peek()) startWorkerAhead();
      get().then(
        (workers) => workers.preload?.(count),
        // Loaded again when they are needed.
        () => {},
      );
    },
    warmUp: () =>
      void get().then(
        (workers) => workers.warmUp?.(),
        () => {},
      ),
    close: () => {
      closed.abort();
      closeWorkerAhead();
      // What was never loaded is not loaded to be closed.
      void peek()?.then(
        (workers) => workers.close(),
        () => {},
      );
    },
  };
}

/** A journal whose code comes beside the page instead of before it. */
export function lazyJournalStore(load: () => Promise<JournalStore>): JournalStore {
  return lazily<JournalStore>(once(load).get);
}

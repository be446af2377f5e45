import type { EndpointClient, EndpointClientOptions } from './endpoint/types.js';
import type { ResumeStore } from './resume/store.js';
import type { PartWorkers } from './worker/client.js';

/** Loads once, on first use; tries again at the next use if that failed. */
function once<T>(load: () => Promise<T>): { get: () => Promise<T>; peek: () => Promise<T> | undefined } {
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

/** A client whose code, the protocol's schemas among it, comes with the first question. */
export function lazyClient(options: EndpointClientOptions): EndpointClient {
  const { get } = once(async () => new (await import('./endpoint/client.js')).HttpEndpointClient(options));
  return {
    describe: async () => (await get()).describe(),
    start: async (item) => (await get()).start(item),
    sign: async (item) => (await get()).sign(item),
    attach: async (item) => (await get()).attach(item),
    list: async (ticket) => (await get()).list(ticket),
    finish: async (item) => (await get()).finish(item),
    details: async (ticket) => (await get()).details(ticket),
  };
}

/** Workers whose code comes with the first file. */
export function lazyWorkers(load: () => Promise<PartWorkers>): PartWorkers {
  const { get, peek } = once(load);
  return {
    hash: async (...call) => (await get()).hash(...call),
    put: async (...call) => (await get()).put(...call),
    close: () =>
      void peek()?.then(
        (workers) => workers.close(),
        () => {},
      ),
  };
}

/** A journal whose code comes beside the page instead of before it. */
export function lazyStore(load: () => Promise<ResumeStore>): ResumeStore {
  const { get } = once(load);
  return {
    load: async (...call) => (await get()).load(...call),
    parts: async (...call) => (await get()).parts(...call),
    put: async (...call) => (await get()).put(...call),
    putPart: async (...call) => (await get()).putPart(...call),
    deletePart: async (...call) => (await get()).deletePart(...call),
    putFile: async (...call) => (await get()).putFile(...call),
    file: async (...call) => (await get()).file(...call),
    delete: async (...call) => (await get()).delete(...call),
  };
}

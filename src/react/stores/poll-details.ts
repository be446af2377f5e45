import type { QueryClient } from '@tanstack/react-query';
import type { Uploader } from '../../engine/index.js';
import { Poller, PollingPace, systemClock } from '../../engine/shared.js';

/** Who wants it asked: with the host's client, or without one. */
interface Asker {
  readonly client: QueryClient | undefined;
}

interface Polling {
  readonly askers: Set<Asker>;
  stop(): void;
}

const pollings = new WeakMap<Uploader, Polling>();
let pollingCount = 0;

/**
 * Asks for the details of everything that is processing, in one batch, until each has a final status or the returned
 * function is called. An engine has one poller, however many call this, and none where it polls by itself.
 */
export function pollDetails(engine: Uploader, client?: QueryClient): () => void {
  if (engine.polling === 'auto') return () => undefined;
  const polling = pollings.get(engine) ?? start(engine);
  const asker = { client };
  pollings.set(engine, polling);
  polling.askers.add(asker);
  return () => {
    if (!polling.askers.delete(asker) || polling.askers.size > 0) return;
    pollings.delete(engine);
    polling.stop();
  };
}

function start(engine: Uploader): Polling {
  const stop = new AbortController();
  const askers = new Set<Asker>();
  const queryKey = ['vodrop', 'details', ++pollingCount];
  const poller = new Poller(systemClock, (signal) => ask(engine, askers, queryKey, signal), stop.signal);
  const processing = new PollingPace();
  const look = () => {
    if (processing.see(processingIn(engine))) poller.wake();
  };
  const unsubscribe = engine.subscribe(look);
  look();
  return {
    askers,
    stop: () => {
      stop.abort();
      unsubscribe();
    },
  };
}

function processingIn(engine: Uploader): string[] {
  const { uploads } = engine.getSnapshot();
  return uploads.filter(({ status }) => status === 'processing').map(({ id }) => id);
}

/** Answers how many are still processing. */
async function ask(
  engine: Uploader,
  askers: ReadonlySet<Asker>,
  queryKey: readonly unknown[],
  signal: AbortSignal,
): Promise<number> {
  if (processingIn(engine).length === 0) return 0;
  const refresh = () => engine.refreshDetails(signal);
  const client = [...askers].find((asker) => asker.client)?.client;
  return client
    ? client.fetchQuery({
        queryKey,
        queryFn: refresh,
        // The engine knows best about the line: a query that React Query pauses offline may never go on.
        networkMode: 'always',
        // The poller itself asks again; a retry besides would double the calls of an endpoint in trouble.
        retry: false,
        gcTime: 0,
        staleTime: 0,
      })
    : refresh();
}

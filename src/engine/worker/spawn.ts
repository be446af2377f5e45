import { type LoadPorts, loadCode } from '../load-code.js';
import { browserNetwork, whenOnline } from '../network.js';
import { systemClock } from '../retry/clock.js';
import { warnOnce } from '../warn-once.js';
import { takeWorker } from './create-worker.js';
import { messagesVersion, type WorkerPort, type WorkerRequest, type WorkerResponse } from './messages.js';

/** A worker that has not answered anything by then, pings included, is not coming up. */
const startTimeoutMs = 30_000;

type Work = (request: WorkerRequest) => void;

interface Surroundings extends LoadPorts {
  /** Loads the code that does the work on the page. */
  readonly load: () => Promise<{ createWork: (post: (response: WorkerResponse) => void) => Work }>;
}

const browser: Surroundings = {
  network: browserNetwork,
  clock: systemClock,
  load: () => import('./work.js'),
};

/**
 * Starts one worker. Where workers are not to be had, or the worker's file cannot be loaded (the page's policy forbids
 * it, say), the same work is done on the page: slower, but it is done. While offline, a worker whose file could not be
 * loaded is started again as soon as the network is back.
 */
export function spawnPartWorker({ onPage }: { onPage: boolean }, surroundings = browser): WorkerPort {
  const port: WorkerPort = {
    post: () => {},
    onresponse: () => {},
    oncrash: () => {},
    onunavailable: () => {},
    close: () => {},
  };
  if (onPage) workOnPage(port, [], surroundings);
  else startWorker(port, [], surroundings);
  return port;
}

function startWorker(port: WorkerPort, requests: readonly WorkerRequest[], surroundings: Surroundings): void {
  /** Until the worker's first answer: what has to be done elsewhere if it never comes up. */
  let unheard: WorkerRequest[] | undefined = [...requests];
  let worker: Worker;
  try {
    worker = takeWorker();
  } catch {
    // No such thing as a Worker here.
    workOnPage(port, requests, surroundings);
    return;
  }
  const giveUp = (
    why = 'part-worker.js cannot be started: serve it beside the page and allow it in worker-src.',
  ) => {
    const left = unheard ?? [];
    close();
    if (surroundings.network.isOnline()) {
      warnOnce(why);
      workOnPage(port, left, surroundings);
    } else startOnceOnline(port, left, surroundings);
  };
  const timer = setTimeout(() => giveUp(), startTimeoutMs);
  const close = () => {
    clearTimeout(timer);
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  };
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    const [version, response] = (Array.isArray(data) ? data : []) as [number, WorkerResponse];
    if (version !== messagesVersion)
      return giveUp('part-worker.js is of another release: deploy it with the code of the page.');
    clearTimeout(timer);
    unheard = undefined;
    port.onresponse(response);
  };
  worker.onerror = () => (unheard ? giveUp() : port.oncrash());
  port.post = (request) => {
    unheard?.push(request);
    worker.postMessage(request);
  };
  port.close = close;
  for (const request of requests) worker.postMessage(request);
}

function startOnceOnline(
  port: WorkerPort,
  requests: readonly WorkerRequest[],
  surroundings: Surroundings,
): void {
  const closed = new AbortController();
  const left = [...requests];
  port.post = (request) => {
    if (request.kind === 'ping') port.onresponse({ kind: 'pong', id: request.id });
    else left.push(request);
  };
  port.close = () => closed.abort();
  whenOnline(surroundings.network, closed.signal).then(
    () => startWorker(port, left, surroundings),
    () => {
      // Closed meanwhile.
    },
  );
}

function workOnPage(port: WorkerPort, requests: readonly WorkerRequest[], surroundings: Surroundings): void {
  const closed = new AbortController();
  const work = loadCode(surroundings.load, surroundings, closed.signal).then(({ createWork }) =>
    createWork((response) => port.onresponse(response)),
  );
  work.catch(() => {
    if (!closed.signal.aborted) port.onunavailable();
  });
  port.post = (request) => {
    // The page is alive, also while its code is still on the way.
    if (request.kind === 'ping') port.onresponse({ kind: 'pong', id: request.id });
    // Where the code cannot be loaded, the pool has been told.
    else work.then((run) => run(request)).catch(() => {});
  };
  port.close = () => closed.abort();
  for (const request of requests) port.post(request);
}

import type { WorkerPort } from './client.js';
import type { WorkerRequest, WorkerResponse } from './messages.js';

/** A worker that has not answered anything by then, pings included, is not coming up. */
const startTimeoutMs = 30_000;

/**
 * Starts one worker. Where workers are not to be had, or the worker's file cannot be loaded (the page's policy forbids
 * it, say), the same work is done on the page: slower, but it is done.
 */
export function spawnPartWorker({ onPage }: { onPage: boolean }): WorkerPort {
  const port: WorkerPort = { post: () => {}, onresponse: () => {}, oncrash: () => {}, close: () => {} };
  if (onPage) workOnPage(port, []);
  else startWorker(port);
  return port;
}

function startWorker(port: WorkerPort): void {
  /** Until the worker's first answer: what has to be done elsewhere if it never comes up. */
  let unheard: WorkerRequest[] | undefined = [];
  let worker: Worker;
  try {
    worker = new Worker(new URL('./part-worker.ts', import.meta.url), { type: 'module', name: 'vodrop' });
  } catch {
    // No such thing as a Worker here.
    workOnPage(port, []);
    return;
  }
  const moveToPage = () => {
    const requests = unheard ?? [];
    close();
    workOnPage(port, requests);
  };
  const timer = setTimeout(moveToPage, startTimeoutMs);
  const close = () => {
    clearTimeout(timer);
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  };
  worker.onmessage = (event: MessageEvent<WorkerResponse>) => {
    clearTimeout(timer);
    unheard = undefined;
    port.onresponse(event.data);
  };
  worker.onerror = () => (unheard ? moveToPage() : port.oncrash());
  port.post = (request) => {
    unheard?.push(request);
    worker.postMessage(request);
  };
  port.close = close;
}

function workOnPage(port: WorkerPort, requests: readonly WorkerRequest[]): void {
  const work = import('./work.js').then(({ createWork }) =>
    createWork((response) => port.onresponse(response)),
  );
  port.post = (request) => {
    // The page is alive, also while its code is still on the way.
    if (request.kind === 'ping') port.onresponse({ kind: 'pong', id: request.id });
    else work.then((run) => run(request)).catch(() => port.oncrash());
  };
  port.close = () => {};
  for (const request of requests) port.post(request);
}

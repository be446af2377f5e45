import type { WorkerPort } from './client.js';
import type { WorkerRequest, WorkerResponse } from './messages.js';

/**
 * Starts one worker. Where workers are not to be had, or the worker's file cannot be loaded (the page's policy forbids
 * it, say), the same work is done on the page: slower, but it is done.
 */
export function spawnPartWorker(): WorkerPort {
  const port: WorkerPort = { post: () => {}, onresponse: () => {}, oncrash: () => {}, close: () => {} };
  /** Until the worker's first answer: what has to be done elsewhere if it never comes up. */
  let unheard: WorkerRequest[] | undefined = [];

  function moveToPage(): void {
    const requests = unheard ?? [];
    unheard = undefined;
    const work = import('./work.js').then(({ createWork }) =>
      createWork((response) => port.onresponse(response)),
    );
    port.post = (request) => void work.then((run) => run(request)).catch(() => port.oncrash());
    port.close = () => {};
    for (const request of requests) port.post(request);
  }

  try {
    const worker = new Worker(new URL('./part-worker.ts', import.meta.url), {
      type: 'module',
      name: 'vodrop',
    });
    worker.onmessage = (event: MessageEvent<WorkerResponse>) => {
      unheard = undefined;
      port.onresponse(event.data);
    };
    worker.onerror = () => (unheard ? moveToPage() : port.oncrash());
    port.post = (request) => {
      unheard?.push(request);
      worker.postMessage(request);
    };
    port.close = () => worker.terminate();
  } catch {
    // No such thing as a Worker here.
    moveToPage();
  }
  return port;
}

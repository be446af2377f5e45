import address from './part-worker.ts?worker&url';
import { startWorker } from './start-worker.js';

/** Started before the code that gives it work is there. */
let ahead: Worker | undefined;

/** Starts a worker for the next `takeWorker`, so that its file is fetched beside the rest of the code. */
export function startWorkerAhead(): void {
  if (ahead) return;
  try {
    ahead = createWorker();
    // Started again, and its failure handled, when it is needed.
    ahead.onerror = closeWorkerAhead;
  } catch {
    // No such thing as a Worker here, which is found out again by `takeWorker`.
  }
}

/** Nothing gives it work any more. */
export function closeWorkerAhead(): void {
  ahead?.terminate();
  ahead = undefined;
}

/** The one that was started ahead, or a new one. Throws where there are no workers. */
export function takeWorker(): Worker {
  const worker = ahead ?? createWorker();
  ahead = undefined;
  worker.onerror = null;
  return worker;
}

/** Starts a worker of parts; see {@link startWorker}. */
function createWorker(): Worker {
  // The build makes it an object: its address is worked out here, where a failure means work on the page.
  return startWorker(String(address));
}

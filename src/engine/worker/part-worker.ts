import { messagesVersion, type WorkerRequest, type WorkerResponse } from './messages.js';
import { createWork } from './work.js';

/** Entry of the worker: reads, hashes and sends parts, so that the page only keeps state. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const work = createWork((response: WorkerResponse) => scope.postMessage([messagesVersion, response]));
scope.onmessage = (event: MessageEvent<WorkerRequest>) => work(event.data);

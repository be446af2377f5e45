import { NoReplyError } from '../transport/transport.js';
import { xhrPut } from '../transport/xhr.js';
import { isAbort } from '../retry/abort.js';
import { hashBytes, hashTogether, UnreadableError } from './hash.js';
import type { WorkerFailure, WorkerRequest, WorkerResponse } from './messages.js';

/** A disk that is asleep does not answer the look at the file either; then the line is blamed, which is patient. */
const probeTimeoutMs = 5000;
/** No more progress messages than this, per piece of work. */
const progressIntervalMs = 100;

/** Answers requests until told to stop. Runs in a worker, or on the page where workers are not allowed. */
export function createWork(post: (response: WorkerResponse) => void): (request: WorkerRequest) => void {
  const running = new Map<number, AbortController>();

  async function run(
    request: Exclude<WorkerRequest, { kind: 'cancel' | 'ping' }>,
    signal: AbortSignal,
  ): Promise<WorkerResponse> {
    const { id } = request;
    let reportedAt = 0;
    const onProgress = (bytes: number) => {
      const now = performance.now();
      if (now - reportedAt < progressIntervalMs) return;
      reportedAt = now;
      post({ kind: 'progress', id, bytes });
    };
    if (request.kind === 'hash') {
      const md5s = await (request.bytes
        ? hashBytes(request.bytes)
        : hashTogether(request.bodies, { signal, onProgress }));
      return { kind: 'hashed', id, md5s };
    }
    const { body } = request;
    try {
      return { kind: 'replied', id, reply: await xhrPut(request.request, body, { signal, onProgress }) };
    } catch (error) {
      // A file that went away looks like a dead line to XMLHttpRequest: look at the file before blaming the line.
      if (error instanceof NoReplyError && body instanceof Blob) await probe(body);
      throw error;
    }
  }

  return (request) => {
    if (request.kind === 'ping') {
      post({ kind: 'pong', id: request.id });
      return;
    }
    if (request.kind === 'cancel') {
      running.get(request.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(request.id, controller);
    run(request, controller.signal)
      .catch((error: unknown): WorkerResponse => ({
        kind: 'failed',
        id: request.id,
        failure: describe(error),
      }))
      .then((response) => {
        running.delete(request.id);
        post(response);
      })
      // Only `post` can fail here, and then no message can be sent.
      .catch(() => {});
  };
}

async function probe(body: Blob): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, probeTimeoutMs);
  });
  try {
    // Firefox does not say that a file has become shorter while it was sent, and gives fewer bytes.
    const edges = new Blob([body.slice(0, 1), body.slice(Math.max(0, body.size - 1))]);
    const bytes = await Promise.race([edges.arrayBuffer(), timeout]);
    if (bytes && bytes.byteLength < edges.size)
      throw new DOMException('shorter than it was', 'NotReadableError');
  } catch (error) {
    throw new UnreadableError('the file cannot be read', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): WorkerFailure {
  if (error instanceof NoReplyError) return { reason: 'no-reply', isStall: error.isStall };
  if (error instanceof UnreadableError)
    return {
      reason: 'unreadable',
      name: error.cause instanceof Error ? error.cause.name : 'NotReadableError',
    };
  if (isAbort(error)) return { reason: 'aborted' };
  return { reason: 'other', message: error instanceof Error ? error.message : 'unknown' };
}

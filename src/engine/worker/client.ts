import { UploadError } from '../errors.js';
import { abortReason } from '../retry/abort.js';
import { systemClock } from '../retry/clock.js';
import { NoReplyError, type PutOptions, type PutRequest, type StoreReply } from '../transport/transport.js';
import type { WorkerFailure, WorkerRequest, WorkerResponse } from './messages.js';
import { spawnPartWorker } from './spawn.js';

/** Reads, hashes and sends bytes somewhere out of the page's way. */
export interface PartWorkers {
  /** MD5, base64. Rejects with `UploadError` (`file-changed`, `file-unreadable`) or the signal's reason. */
  hash(
    body: Blob,
    options: { signal: AbortSignal; onProgress?: (hashedBytes: number) => void },
  ): Promise<string>;
  /** Rejects with `NoReplyError`, `UploadError` (`file-changed`, `file-unreadable`) or the signal's reason. */
  put(request: PutRequest, body: Blob, options: PutOptions): Promise<StoreReply>;
  /** Stops the workers. Work under way is abandoned. */
  close(): void;
}

/**
 * A page that is being left cannot read its files either (WebKit), and must not take that for the file's end: it gives
 * the upload back and forgets it, with its last breath. Who is still there after this long asks once more.
 */
const secondLookAfterMs = 1000;

/** What a worker looks like from here. */
export interface WorkerPort {
  post(request: WorkerRequest): void;
  onresponse: (response: WorkerResponse) => void;
  /** The worker could not be loaded or has crashed. */
  oncrash: () => void;
  close(): void;
}

interface Job {
  port: WorkerPort;
  onProgress: ((bytes: number) => void) | undefined;
  settle: (response: WorkerResponse) => void;
}

/** A small pool: two hash and send for any line there is, and leave the other cores to the page. */
export function createPartWorkers(
  size = defaultPoolSize(),
  spawn: () => WorkerPort = spawnPartWorker,
): PartWorkers {
  const jobs = new Map<number, Job>();
  const ports: WorkerPort[] = [];
  let nextId = 1;

  function openPort(): WorkerPort {
    const port = spawn();
    port.onresponse = (response) => {
      const job = jobs.get(response.id);
      if (response.kind === 'progress') job?.onProgress?.(response.bytes);
      else job?.settle(response);
    };
    port.oncrash = () => {
      ports.splice(ports.indexOf(port), 1);
      port.close();
      for (const [id, job] of jobs) {
        if (job.port === port)
          job.settle({ kind: 'failed', id, failure: { reason: 'other', message: 'the worker stopped' } });
      }
    };
    ports.push(port);
    return port;
  }

  function leastBusy(): WorkerPort {
    const load = new Map(ports.map((port) => [port, 0]));
    for (const { port } of jobs.values()) load.set(port, (load.get(port) ?? 0) + 1);
    const idlest = [...load].sort((a, b) => a[1] - b[1])[0];
    return idlest && (idlest[1] === 0 || ports.length >= size) ? idlest[0] : openPort();
  }

  function run(
    build: (id: number) => WorkerRequest,
    signal: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<WorkerResponse> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortReason(signal));
      const id = nextId++;
      const port = leastBusy();
      const stop = () => port.post({ kind: 'cancel', id });
      jobs.set(id, {
        port,
        onProgress,
        settle(response) {
          jobs.delete(id);
          signal.removeEventListener('abort', stop);
          if (signal.aborted) reject(abortReason(signal));
          else if (response.kind === 'failed') reject(toError(response.failure));
          else resolve(response);
        },
      });
      signal.addEventListener('abort', stop, { once: true });
      port.post(build(id));
    });
  }

  async function insist(
    build: (id: number) => WorkerRequest,
    signal: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<WorkerResponse> {
    try {
      return await run(build, signal, onProgress);
    } catch (error) {
      if (!(error instanceof UploadError) || !error.code.startsWith('file-')) throw error;
      await systemClock.sleep(secondLookAfterMs, signal);
      return run(build, signal, onProgress);
    }
  }

  return {
    async hash(body, { signal, onProgress }) {
      const response = await insist((id) => ({ kind: 'hash', id, body }), signal, onProgress);
      if (response.kind !== 'hashed')
        throw new UploadError('internal', { detail: 'unexpected answer of the worker' });
      return response.md5Base64;
    },
    async put(request, body, { signal, onProgress }) {
      const response = await insist((id) => ({ kind: 'put', id, body, request }), signal, onProgress);
      if (response.kind !== 'replied')
        throw new UploadError('internal', { detail: 'unexpected answer of the worker' });
      return response.reply;
    },
    close() {
      for (const port of ports.splice(0)) port.close();
      for (const [id, job] of jobs) job.settle({ kind: 'failed', id, failure: { reason: 'aborted' } });
    },
  };
}

function defaultPoolSize(): number {
  const cores = typeof navigator === 'undefined' ? 2 : navigator.hardwareConcurrency || 2;
  return Math.min(4, Math.max(2, cores - 1));
}

function toError(failure: WorkerFailure): Error {
  switch (failure.reason) {
    case 'no-reply':
      return new NoReplyError(failure.isStall);
    case 'unreadable':
      // Chromium: a file that is gone is not found, one that was written to is not readable. Firefox does not tell.
      return new UploadError(failure.name === 'NotFoundError' ? 'file-unreadable' : 'file-changed', {
        detail: failure.name,
      });
    case 'aborted':
      return new DOMException('aborted', 'AbortError');
    case 'other':
      return new UploadError('internal', { detail: failure.message });
  }
}

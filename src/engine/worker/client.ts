import { UploadError } from '../errors.js';
import { abortable, throwIfAborted } from '../retry/abort.js';
import { systemClock } from '../retry/clock.js';
import { NoReplyError, type PutOptions, type PutRequest, type StoreReply } from '../transport/transport.js';
import type { WorkerFailure, WorkerRequest, WorkerResponse, WorkerPort } from './messages.js';
import { spawnPartWorker } from './spawn.js';

/** Reads, hashes and sends bytes somewhere out of the page's way. */
export interface PartWorkers {
  /** MD5, base64. Rejects with `UploadError` (`file-unreadable`) or the signal's reason. */
  hash(
    body: Blob,
    options: { signal: AbortSignal; onProgress?: (hashedBytes: number) => void },
  ): Promise<string>;
  /** MD5s of parts of one size, base64: up to four take little longer than one. Rejects as `hash` does. */
  hashTogether?(bodies: readonly Blob[], options: { signal: AbortSignal }): Promise<readonly string[]>;
  /** Rejects with `NoReplyError`, `UploadError` (`file-unreadable`) or the signal's reason. */
  put(request: PutRequest, body: Blob, options: PutOptions): Promise<StoreReply>;
  /** Starts workers before they are needed, one by default, so that their code is there when the network is not. */
  preload?(count?: number): void;
  /** A file is about to come: runs the code once, since what browsers have compiled hashes the first part sooner. */
  warmUp?(): void;
  /** Stops the workers. Work under way is abandoned. */
  close(): void;
}

/**
 * During unload WebKit rejects reads of files. A page that reported that as an unreadable file would give the upload up
 * just before it is closed; so a failed read is repeated after this delay.
 */
const secondLookAfterMs = 1000;

/** So much is hashed before the browser has compiled the loop. */
const warmUpBytes = 1_000_000;

/** Starts a worker, or does its work on the page. */
export type SpawnWorker = (options: { onPage: boolean }) => WorkerPort;

interface Job {
  port: WorkerPort;
  onProgress: ((bytes: number) => void) | undefined;
  settle: (response: WorkerResponse) => void;
}

/** How often workers with jobs are asked whether they are alive. */
const pingIntervalMs = 5000;
/** A worker that has answered before and then misses this many pings in a row is gone: killed, or out of memory. */
const maxMissedPings = 4;
/** Its code may still be on the way. */
const maxMissedFirstPings = 12;
/** After so many workers lost in a row without any result, the page does the work itself. */
const maxLostWorkers = 3;
/** How often a job whose worker was lost is repeated; more than `maxLostWorkers`, so that the page has its turn. */
const maxRepeats = 6;

/** The job's worker is gone. */
class LostWorkerError extends Error {
  override readonly name = 'LostWorkerError';
}

/** A small pool: two hash and send for any line there is, and leave the other cores to the page. */
export function createPartWorkers(size?: number, spawn?: SpawnWorker): PartWorkers {
  return new WorkerPool(size, spawn);
}

export class WorkerPool implements PartWorkers {
  #size: number;
  readonly #spawn: SpawnWorker;
  readonly #jobs = new Map<number, Job>();
  /** With the number of pings not answered yet. */
  readonly #ports = new Map<WorkerPort, { missedPings: number; isHeard: boolean; isWarm?: boolean }>();
  #nextId = 1;
  #lostInARow = 0;
  #isClosed = false;
  #watchdog: ReturnType<typeof setInterval> | undefined;

  constructor(size = defaultPoolSize(), spawn: SpawnWorker = spawnPartWorker) {
    this.#size = size;
    this.#spawn = spawn;
  }

  async hash(
    body: Blob,
    { signal, onProgress }: { signal: AbortSignal; onProgress?: (hashedBytes: number) => void },
  ): Promise<string> {
    const [md5Base64] = await this.#md5s((id) => ({ kind: 'hash', id, bodies: [body] }), signal, onProgress);
    if (md5Base64 === undefined) throw unexpected();
    return md5Base64;
  }

  hashTogether(bodies: readonly Blob[], { signal }: { signal: AbortSignal }): Promise<readonly string[]> {
    return this.#md5s((id) => ({ kind: 'hash', id, bodies }), signal);
  }

  /** MD5s of bytes, base64. */
  hashBytes(bytes: readonly ArrayBuffer[], signal: AbortSignal): Promise<readonly string[]> {
    return this.#md5s((id) => ({ kind: 'hash', id, bytes }), signal);
  }

  async put(
    request: PutRequest,
    body: Blob | ArrayBuffer,
    { signal, onProgress }: PutOptions,
  ): Promise<StoreReply> {
    const build = (id: number): WorkerRequest => ({ kind: 'put', id, body, request });
    const response = await this.#insist(build, signal, onProgress).catch((error: unknown) => {
      // Whether the store has the part is unknown, as with a broken line; the caller decides about sending it again.
      throw error instanceof LostWorkerError ? new NoReplyError() : error;
    });
    if (response.kind !== 'replied') throw unexpected();
    return response.reply;
  }

  preload(count = 1): void {
    const wanted = this.#isClosed ? 0 : Math.min(count, this.#size);
    while (this.#ports.size < wanted) this.#openPort().post({ kind: 'ping', id: 0 });
  }

  warmUp(): void {
    this.preload();
    if (this.#jobs.size > 0) return;
    for (const [port, health] of this.#ports) {
      if (health.isWarm) continue;
      health.isWarm = true;
      // No job has this id.
      port.post({ kind: 'hash', id: 0, bodies: [new Blob([new Uint8Array(warmUpBytes)])] });
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const port of this.#ports.keys()) port.close();
    this.#ports.clear();
    for (const [id, job] of this.#jobs) job.settle({ kind: 'failed', id, failure: { reason: 'aborted' } });
  }

  /** Hashing changes nothing: a worker that is lost meanwhile does not matter. */
  async #md5s(
    build: (id: number) => WorkerRequest,
    signal: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<readonly string[]> {
    for (let repeats = 0; ; repeats++) {
      try {
        const response = await this.#insist(build, signal, onProgress);
        if (response.kind !== 'hashed') throw unexpected();
        return response.md5s;
      } catch (error) {
        if (!(error instanceof LostWorkerError)) throw error;
        if (repeats >= maxRepeats) throw new UploadError('internal', { detail: 'the worker stopped' });
      }
    }
  }

  async #insist(
    build: (id: number) => WorkerRequest,
    signal: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<WorkerResponse> {
    try {
      return await this.#run(build, signal, onProgress);
    } catch (error) {
      if (!(error instanceof UploadError) || !error.code.startsWith('file-')) throw error;
      await systemClock.sleep(secondLookAfterMs, signal);
      return this.#run(build, signal, onProgress);
    }
  }

  /** Rejects at once when aborted, whether the worker answers or not. */
  async #run(
    build: (id: number) => WorkerRequest,
    signal: AbortSignal,
    onProgress?: (bytes: number) => void,
  ): Promise<WorkerResponse> {
    throwIfAborted(signal);
    const id = this.#nextId++;
    const port = this.#leastBusy();
    try {
      return await abortable<WorkerResponse>(signal, (resolve, reject) => {
        const settle = (response: WorkerResponse) => {
          // Without a result it may be the fault of the pool.
          if (response.kind !== 'failed') this.#lostInARow = 0;
          if (response.kind === 'failed') reject(toError(response.failure));
          else resolve(response);
        };
        this.#jobs.set(id, { port, onProgress, settle });
        this.#watch();
        port.post(build(id));
        return () => port.post({ kind: 'cancel', id });
      });
    } finally {
      this.#jobs.delete(id);
      if (this.#jobs.size === 0) this.#unwatch();
    }
  }

  #openPort(): WorkerPort {
    const port = this.#spawn({ onPage: this.#lostInARow >= maxLostWorkers });
    port.onresponse = (response) => {
      const health = this.#ports.get(port);
      if (health) Object.assign(health, { missedPings: 0, isHeard: true });
      const job = this.#jobs.get(response.id);
      if (response.kind === 'progress') job?.onProgress?.(response.bytes);
      else job?.settle(response);
    };
    port.oncrash = () => this.#lose(port);
    port.onunavailable = () => this.#abandon(port);
    this.#ports.set(port, { missedPings: 0, isHeard: false });
    return port;
  }

  #leastBusy(): WorkerPort {
    const load = new Map([...this.#ports.keys()].map((port) => [port, 0]));
    for (const { port } of this.#jobs.values()) load.set(port, (load.get(port) ?? 0) + 1);
    const idlest = [...load].sort((a, b) => a[1] - b[1])[0];
    return idlest && (idlest[1] === 0 || this.#ports.size >= this.#size) ? idlest[0] : this.#openPort();
  }

  #watch(): void {
    this.#watchdog ??= setInterval(() => this.#ping(), pingIntervalMs);
  }

  #unwatch(): void {
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
    for (const health of this.#ports.values()) health.missedPings = 0;
  }

  /** Counts ticks, not time: a computer that slept has missed both. */
  #ping(): void {
    const busy = new Set([...this.#jobs.values()].map(({ port }) => port));
    for (const [port, health] of this.#ports) {
      if (!busy.has(port)) continue;
      if (health.missedPings >= (health.isHeard ? maxMissedPings : maxMissedFirstPings)) this.#lose(port);
      else {
        health.missedPings += 1;
        // No job has this id.
        port.post({ kind: 'ping', id: 0 });
      }
    }
  }

  /** Each of its jobs learns of it, and finds another worker if it is repeated. */
  #lose(port: WorkerPort): void {
    if (!this.#ports.has(port)) return;
    this.#lostInARow += 1;
    this.#end(port, 'lost');
  }

  /** No further worker can be started. Those that were started before, and have the code, do all of the work. */
  #abandon(port: WorkerPort): void {
    if (!this.#ports.has(port)) return;
    const working = [...this.#ports].filter(([other, { isHeard }]) => isHeard && other !== port).length;
    if (working > 0) this.#size = working;
    this.#end(port, working > 0 ? 'lost' : 'no-code');
  }

  #end(port: WorkerPort, reason: 'lost' | 'no-code'): void {
    this.#ports.delete(port);
    port.close();
    for (const [id, job] of this.#jobs) {
      if (job.port === port) job.settle({ kind: 'failed', id, failure: { reason } });
    }
  }
}

function defaultPoolSize(): number {
  const cores = typeof navigator === 'undefined' ? 2 : navigator.hardwareConcurrency || 2;
  return Math.min(4, Math.max(2, cores - 1));
}

function unexpected(): UploadError {
  return new UploadError('internal', { detail: 'unexpected answer of the worker' });
}

function toError(failure: WorkerFailure): Error {
  switch (failure.reason) {
    case 'no-reply':
      return new NoReplyError(failure.isStall);
    case 'unreadable':
      // Chromium says NotFoundError of a file that is gone, NotReadableError of one that was written to; Firefox does not
      // tell. Neither proves that its bytes are others.
      return new UploadError('file-unreadable', { detail: failure.name });
    case 'aborted':
      return new DOMException('aborted', 'AbortError');
    case 'lost':
      return new LostWorkerError('the worker stopped');
    case 'no-code':
      return new UploadError('code-unavailable');
    case 'other':
      return new UploadError('internal', { detail: failure.message });
  }
}

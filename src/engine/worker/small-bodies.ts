import { Batcher } from '../endpoint/batcher.js';
import { orAborted } from '../retry/abort.js';
import { withinPatience } from '../retry/within-patience.js';
import type { PutOptions, PutRequest, StoreReply } from '../transport/transport.js';
import { type PartWorkers, type SpawnWorker, WorkerPool } from './client.js';

/** Each slice, message and reading of a Blob goes through another process, which costs more than so few bytes. */
export const maxSmallBytes = 60_000;
/** As many as are under way in a long list, and some more. */
const maxKept = 256;

const kept = new Map<Blob, Promise<ArrayBuffer>>();

/**
 * The bytes of a small Blob. Files are read once for their hash, the journal and the store: the bytes of the latest ones
 * are kept until they are sent, or the workers are closed. Rejects as the Blob does.
 */
export function bytesOf(body: Blob): Promise<ArrayBuffer> {
  // Slices and samples are made anew each time, so their bytes are not found again.
  if (!(body instanceof File)) return body.arrayBuffer();
  const bytes = kept.get(body) ?? body.arrayBuffer();
  kept.set(body, bytes);
  bytes.catch(() => kept.delete(body));
  const [oldest] = kept.keys();
  if (oldest && kept.size > maxKept) kept.delete(oldest);
  return bytes;
}

const never = new AbortController().signal;

class SmallBodies extends WorkerPool {
  readonly #hashes = new Batcher<ArrayBuffer, string>({
    maxWeight: 32,
    maxUnderWay: 1,
    send: (bodies) => this.hashBytes(bodies, never),
  });

  override async hash(body: Blob, options: Parameters<PartWorkers['hash']>[1]): Promise<string> {
    const bytes = await read(body, options.signal);
    return bytes ? orAborted(this.#hashes.ask(bytes), options.signal) : super.hash(body, options);
  }

  override close(): void {
    // Of another uploader on the page, too: what it sends then is read again.
    kept.clear();
    super.close();
  }

  override async put(request: PutRequest, body: Blob, options: PutOptions): Promise<StoreReply> {
    const bytes = kept.has(body) ? await read(body, options.signal) : undefined;
    if (!bytes) return super.put(request, body, options);
    try {
      const replied = super.put(request, bytes, options);
      // The system takes so few bytes at once.
      options.onProgress(body.size);
      return await replied;
    } finally {
      kept.delete(body);
    }
  }
}

/** Undefined where the worker is to read it, which tells what is wrong with a file. */
async function read(body: Blob, signal: AbortSignal): Promise<ArrayBuffer | undefined> {
  if (body.size > maxSmallBytes) return undefined;
  const reading = withinPatience(bytesOf(body)).catch(() => undefined);
  const bytes = await orAborted(reading, signal);
  if (bytes?.byteLength === body.size) return bytes;
  kept.delete(body);
  return undefined;
}

/** As `createPartWorkers`; bodies of a few kB are read on the page, and hashed several at once. */
export function createWorkers(size?: number, spawn?: SpawnWorker): PartWorkers {
  return new SmallBodies(size, spawn);
}

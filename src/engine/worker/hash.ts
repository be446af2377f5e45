import { createMD5 } from 'hash-wasm';
import { abortReason, orAborted } from '../retry/abort.js';
import { createMd5Lanes, laneCount, type Md5Lanes, stepBytes } from './md5-lanes.js';
import { createPlainMd5, type Hasher } from './plain-md5.js';

/** One buffer of this size serves a whole part: memory stays flat, and reading into it is half as dear as new ones. */
const bufferBytes = 1024 * 1024;

/**
 * Blobs read at once. More would only take turns at the same core, each with a hasher and a buffer of its own; and with
 * more than a hundred open at once Chromium stops giving bytes to any but the latest.
 */
const maxLanes = 8;

/** A disk that is asleep takes up to half a minute; one that gives no bytes for this long does not answer at all. */
const readTimeoutMs = 60_000;

/** The browser could not read the bytes. `cause` is its own error. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export interface HashOptions {
  signal: AbortSignal;
  onProgress: (hashedBytes: number) => void;
}

/** MD5 of a Blob as base64. Waits for its turn where many are asked for. */
export async function hashBlob(body: Blob, options: HashOptions): Promise<string> {
  const hasher = await takeLane();
  try {
    return await hashWith(hasher, body, options);
  } finally {
    giveBack(hasher);
  }
}

/** MD5s of bytes that were read already, as base64. */
export async function hashBytes(bodies: readonly ArrayBuffer[]): Promise<string[]> {
  const hasher = await takeLane();
  try {
    return bodies.map((bytes) => {
      hasher.init();
      hasher.update(new Uint8Array(bytes));
      return base64(hasher.digest('binary'));
    });
  } finally {
    giveBack(hasher);
  }
}

async function hashWith(hasher: Hasher, body: Blob, { signal, onProgress }: HashOptions): Promise<string> {
  if (signal.aborted) throw abortReason(signal);
  hasher.init();
  let hashedBytes = 0;
  for await (const bytes of read(body, signal)) {
    if (signal.aborted) throw abortReason(signal);
    hasher.update(bytes);
    hashedBytes += bytes.length;
    onProgress(hashedBytes);
  }
  // Some browsers answer a truncated file with fewer bytes instead of an error.
  if (hashedBytes !== body.size) throw new UnreadableError('the file is shorter than it was');
  return base64(hasher.digest('binary'));
}

/**
 * MD5s of Blobs as base64: up to four of one size, such as parts of a file, in little more than the time of one. Rejects
 * when one of them cannot be read. Only the progress of a single one is told.
 */
export async function hashTogether(bodies: readonly Blob[], options: HashOptions): Promise<string[]> {
  const { signal } = options;
  const sizeBytes = bodies[0]?.size ?? 0;
  const isOneSize = bodies.every(({ size }) => size === sizeBytes);
  const lanes = isOneSize && bodies.length > 1 && bodies.length <= laneCount ? await takeLanes() : undefined;
  if (!lanes) return Promise.all(bodies.map((body) => hashBlob(body, options)));
  const readers = bodies.map((body) => new StepReader(read(body, signal)));
  try {
    lanes.begin();
    for (let done = 0; done < sizeBytes; done += stepBytes) {
      const count = Math.min(stepBytes, sizeBytes - done);
      await Promise.all(readers.map((reader, lane) => reader.fill(lanes.bytesOf(lane).subarray(0, count))));
      if (signal.aborted) throw abortReason(signal);
      lanes.update(count);
    }
    return lanes.digests(sizeBytes).slice(0, bodies.length).map(base64);
  } finally {
    // What is read later must not be written where the next group puts its bytes.
    for (const reader of readers) reader.close();
    idleLanes.push(lanes);
  }
}

/** Cuts what is read into steps. */
class StepReader {
  readonly #source: AsyncGenerator<Uint8Array, void>;
  #rest: Uint8Array = new Uint8Array();
  #isClosed = false;

  constructor(source: AsyncGenerator<Uint8Array, void>) {
    this.#source = source;
  }

  async fill(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next();
        if (this.#isClosed) return;
        // Some browsers answer a truncated file with fewer bytes instead of an error.
        if (next.done) throw new UnreadableError('the file is shorter than it was');
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
  }

  /** Not awaited: a read that hangs ends by its own timeout. */
  close(): void {
    this.#isClosed = true;
    this.#source.return().catch(() => {});
  }
}

/** Two files at once; more take turns at the same core, and are hashed one by one. */
const maxSetsOfLanes = 2;
let madeSets = 0;
const idleLanes: Md5Lanes[] = [];

async function takeLanes(): Promise<Md5Lanes | undefined> {
  // The page, which works in place of workers, does not try WebAssembly; see `takeLane`.
  if (typeof document !== 'undefined') return undefined;
  const idle = idleLanes.pop();
  if (idle || madeSets >= maxSetsOfLanes) return idle;
  madeSets += 1;
  return createMd5Lanes();
}

let made = 0;
const idle: Hasher[] = [];
const waiting: ((hasher: Hasher) => void)[] = [];

async function takeLane(): Promise<Hasher> {
  const hasher = idle.pop();
  if (hasher) return hasher;
  if (made >= maxLanes)
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  made += 1;
  // WebAssembly needs `'wasm-unsafe-eval'` in a Content Security Policy, and memory. Whether it is allowed is known only by
  // trying, which is reported as a violation: so the page, which works in place of workers only, does not try.
  return typeof document === 'undefined' ? createMD5().catch(createPlainMd5) : createPlainMd5();
}

function giveBack(hasher: Hasher): void {
  const next = waiting.shift();
  if (next) next(hasher);
  else idle.push(hasher);
}

/** The bytes in order; each piece is valid only until the next is asked for. */
async function* read(body: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const reader = body.size > 0 ? byteReader(body) : undefined;
  if (!reader) {
    yield* readSlices(body, signal);
    return;
  }
  try {
    let buffer = new ArrayBuffer(Math.min(bufferBytes, body.size));
    for (;;) {
      const { done, value } = await answered(reader.read(new Uint8Array(buffer)), signal);
      if (done) return;
      yield value;
      buffer = value.buffer;
    }
  } catch (error) {
    throw signal.aborted ? error : unreadable(error);
  } finally {
    // Stops the reading where it was left before the end; nothing is lost if it cannot be stopped.
    reader.cancel().catch(() => {});
  }
}

function byteReader(body: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return body.stream().getReader({ mode: 'byob' });
  } catch {
    // Older WebKit gives streams that cannot fill a buffer of ours.
    return undefined;
  }
}

async function* readSlices(body: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < body.size; offset += bufferBytes) {
    const bytes = body.slice(offset, offset + bufferBytes).arrayBuffer();
    yield new Uint8Array(
      await answered(bytes, signal).catch((error: unknown) => {
        throw signal.aborted ? error : unreadable(error);
      }),
    );
  }
}

/** Rejects when the reading takes too long, or is aborted: a hanging disk must not keep the lane. */
async function answered<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('no bytes', 'TimeoutError')), readTimeoutMs);
  });
  try {
    return await orAborted(Promise.race([reading, timeout]), signal);
  } finally {
    clearTimeout(timer);
  }
}

function unreadable(cause: unknown): UnreadableError {
  return new UnreadableError('the file cannot be read', { cause });
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

import { createMD5, type IHasher } from 'hash-wasm';
import { abortReason } from '../retry/clock.js';

/** Read at a time: large enough to keep the hasher busy, small enough to keep memory flat. */
const readSizeBytes = 4 * 1024 * 1024;

/** The browser could not read the bytes. `cause` is its own error. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export interface HashOptions {
  signal: AbortSignal;
  onProgress: (hashedBytes: number) => void;
}

/** MD5 of a Blob as base64, reading the next stretch while the current one is hashed. */
export async function hashBlob(body: Blob, { signal, onProgress }: HashOptions): Promise<string> {
  const hasher: IHasher = await createMD5();
  hasher.init();
  let next = read(body, 0);
  for (let offset = 0; offset < body.size; offset += readSizeBytes) {
    const bytes = await next;
    if (signal.aborted) throw abortReason(signal);
    if (offset + readSizeBytes < body.size) next = read(body, offset + readSizeBytes);
    hasher.update(bytes);
    onProgress(Math.min(offset + readSizeBytes, body.size));
  }
  return base64(hasher.digest('binary'));
}

async function read(body: Blob, offset: number): Promise<Uint8Array> {
  const wanted = Math.min(readSizeBytes, body.size - offset);
  try {
    const bytes = new Uint8Array(await body.slice(offset, offset + wanted).arrayBuffer());
    if (bytes.length === wanted) return bytes;
  } catch (error) {
    throw new UnreadableError('the file cannot be read', { cause: error });
  }
  // Some browsers answer a truncated file with fewer bytes instead of an error.
  throw new UnreadableError('the file is shorter than it was');
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

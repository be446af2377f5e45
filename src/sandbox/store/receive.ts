import { createHash } from 'node:crypto';
import type { ByteStore } from './byte-store.js';

/** Stored bytes with their digest, not yet stored under a name. */
export interface StoredBytes {
  path: string;
  sizeBytes: number;
  md5Hex: string;
  /** `end` is exclusive. */
  read: (start: number, end: number) => AsyncIterable<Buffer>;
}

/** Writes the bytes to the store and hashes them. */
export async function receive(store: ByteStore, source: AsyncIterable<Buffer>): Promise<StoredBytes> {
  const md5 = createHash('md5');
  let sizeBytes = 0;
  const path = await store.write(
    (async function* () {
      for await (const chunk of source) {
        md5.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    })(),
  );
  return {
    path,
    sizeBytes,
    md5Hex: md5.digest('hex'),
    read: (start, end) => store.read(path, start, end),
  };
}

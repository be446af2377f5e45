import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Bytes on disk with their digest, not yet stored under a name. */
export interface StoredBytes {
  path: string;
  sizeBytes: number;
  md5Hex: string;
}

/** Streams to a new file and hashes. Deletes the file when the source fails. */
export async function receive(directory: string, source: AsyncIterable<Buffer>): Promise<StoredBytes> {
  const path = join(directory, randomUUID());
  const md5 = createHash('md5');
  let sizeBytes = 0;
  try {
    await pipeline(async function* () {
      for await (const chunk of source) {
        md5.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    }, createWriteStream(path));
  } catch (error) {
    await discard(path);
    throw error;
  }
  return { path, sizeBytes, md5Hex: md5.digest('hex') };
}

export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
}

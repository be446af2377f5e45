import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where the bytes of objects and parts are kept. It knows neither names nor digests. */
export interface ByteStore {
  /** Resolves with the path to read them by. A source that fails leaves nothing behind. */
  write: (source: AsyncIterable<Buffer>) => Promise<string>;
  /** `end` is exclusive. */
  read: (path: string, start: number, end: number) => AsyncIterable<Buffer>;
  delete: (path: string) => Promise<void>;
}

/** One file per body. */
export class DiskByteStore implements ByteStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(source: AsyncIterable<Buffer>): Promise<string> {
    const path = join(this.#directory, randomUUID());
    try {
      await pipeline(source, createWriteStream(path));
    } catch (error) {
      await this.delete(path);
      throw error;
    }
    return path;
  }

  read(path: string, start: number, end: number): AsyncIterable<Buffer> {
    // `createReadStream` cannot express an empty range: its `end` is inclusive.
    return end > start ? createReadStream(path, { start, end: end - 1 }) : Readable.from([]);
  }

  async delete(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

/** Keeps the bytes in memory, without any file access: for tests that control time. */
export class MemoryByteStore implements ByteStore {
  readonly #bodies = new Map<string, Buffer>();
  #count = 0;

  async write(source: AsyncIterable<Buffer>): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(chunk);
    const path = `memory-${(this.#count += 1)}`;
    const [only] = chunks;
    this.#bodies.set(path, only && chunks.length === 1 ? only : Buffer.concat(chunks));
    return path;
  }

  read(path: string, start: number, end: number): AsyncIterable<Buffer> {
    const body = this.#bodies.get(path);
    if (!body) throw new Error(`There are no bytes at ${path}.`);
    return Readable.from(end > start ? [body.subarray(start, end)] : []);
  }

  delete(path: string): Promise<void> {
    this.#bodies.delete(path);
    return Promise.resolve();
  }
}

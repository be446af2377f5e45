import { createCRC64 } from 'hash-wasm';
import type { StoredBytes } from '../../store/receive.js';

/** CRC-64 ECMA-182, unsigned and decimal: the form of `x-cos-hash-crc64ecma` ("Common Response Headers"). */
export interface Crc64 {
  update: (chunk: Uint8Array) => void;
  decimal: () => string;
}

export async function createCrc64(): Promise<Crc64> {
  const hasher = await createCRC64();
  return {
    update: (chunk) => void hasher.update(chunk),
    decimal: () => BigInt(`0x${hasher.digest('hex')}`).toString(),
  };
}

export async function crc64Of({ read, sizeBytes }: StoredBytes): Promise<string> {
  const crc = await createCrc64();
  for await (const chunk of read(0, sizeBytes)) crc.update(chunk);
  return crc.decimal();
}

/** Passes the chunks on. */
export async function* countCrc64(source: AsyncIterable<Buffer>, crc: Crc64): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    crc.update(chunk);
    yield chunk;
  }
}

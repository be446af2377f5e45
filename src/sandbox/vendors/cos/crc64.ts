import { createReadStream } from 'node:fs';

/**
 * CRC-64 ECMA-182, reflected, all ones in and out: what `x-cos-hash-crc64ecma` carries ("Common Response Headers").
 * Kept as two halves of 32 bits, since BigInt is too slow for whole files.
 */
const [tableLow, tableHigh] = makeTables();

export class Crc64 {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(chunk: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (const byte of chunk) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0);
      high = (high >>> 8) ^ (tableHigh[index] ?? 0);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Unsigned, decimal. */
  toString(): string {
    return ((BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)).toString();
  }
}

export async function crc64OfFile(path: string): Promise<string> {
  const crc = new Crc64();
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) crc.update(chunk);
  return crc.toString();
}

/** Passes the chunks on. */
export async function* countCrc64(source: AsyncIterable<Buffer>, crc: Crc64): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    crc.update(chunk);
    yield chunk;
  }
}

function makeTables(): [low: Uint32Array, high: Uint32Array] {
  const polynomial = 0xc96c5795d7870f42n;
  const entries = Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return [
    Uint32Array.from(entries, (value) => Number(value & 0xffffffffn)),
    Uint32Array.from(entries, (value) => Number(value >> 32n)),
  ];
}

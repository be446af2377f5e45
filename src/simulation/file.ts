import { createHash } from 'node:crypto';

/** A part of a file on a disk, whose bytes are at hand: Node reads those of its own in other threads. */
export class DiskBlob extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>, type = '') {
    super([bytes], { type });
    this.#bytes = bytes;
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    return new DiskBlob(this.#bytes.slice(start, end), type);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.slice().buffer);
  }
}

/** A file on a simulated person's disk. */
export class DiskFile extends File {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly md5Hex: string;

  constructor(bytes: Uint8Array<ArrayBuffer>, name: string) {
    super([bytes], name, { type: 'video/mp4', lastModified: 1 });
    this.#bytes = bytes;
    this.md5Hex = createHash('md5').update(bytes).digest('hex');
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    return new DiskBlob(this.#bytes.slice(start, end), type);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.slice().buffer);
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const bytes = this.#bytes.slice();
    return new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes);
        controller.close();
      },
    });
  }
}

/** Begins as an MP4 does; the rest differs from file to file and from part to part. */
export function makeFile(name: string, sizeBytes: number, variety: number): DiskFile {
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index += 1)
    bytes[index] = index * 31 + (index >> 8) * 7 + (index >> 16) * 13 + variety * 101;
  bytes.set(Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0', 'latin1').subarray(0, sizeBytes));
  new DataView(bytes.buffer).setUint16(Math.min(16, sizeBytes - 2), variety);
  return new DiskFile(bytes, name);
}

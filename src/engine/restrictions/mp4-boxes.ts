/** A box of an ISO base media or QuickTime file: `[start, end)` of its content, in bytes of the file. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes read at once: the headers of a box and of its first children mostly come together. */
const windowBytes = 64 * 1024;
/** More children than any real file has at one level; a damaged one may claim millions of empty boxes. */
const maxBoxes = 10_000;

/** Reads small ranges of a file, so that a large one is never in memory. */
export class FileReader {
  readonly size: number;
  readonly #file: Blob;
  #start = 0;
  #bytes = new DataView(new ArrayBuffer(0));

  constructor(file: Blob) {
    this.#file = file;
    this.size = file.size;
  }

  /** `length` bytes from `start`; fewer at the end of the file. */
  async read(start: number, length: number): Promise<DataView> {
    const from = Math.min(start, this.size);
    const end = Math.min(from + length, this.size);
    if (from < this.#start || end > this.#start + this.#bytes.byteLength) {
      const slice = this.#file.slice(from, Math.max(end, from + windowBytes));
      this.#bytes = new DataView(await slice.arrayBuffer());
      this.#start = from;
    }
    return new DataView(this.#bytes.buffer, from - this.#start, Math.max(0, end - from));
  }

  /**
   * The boxes between two places. The last one may claim to end behind `end`. Stops where something else than boxes
   * follows.
   */
  async *boxes(start: number, end: number): AsyncGenerator<Box> {
    for (let at = start, count = 0; at + 8 <= end && count < maxBoxes; count++) {
      const head = await this.read(at, 16);
      if (head.byteLength < 8) return;
      const type = asciiOf(head, 4);
      const size = head.getUint32(0);
      const isLong = size === 1;
      if (isLong && head.byteLength < 16) return;
      // 0: to the end of what contains it.
      const length = isLong ? Number(head.getBigUint64(8)) : size === 0 ? end - at : size;
      const headBytes = isLong ? 16 : 8;
      if (length < headBytes || !/^[\x20-\x7e\xa9]{4}$/.test(type)) return;
      yield { type, start: at + headBytes, end: at + length };
      at += length;
    }
  }

  /** The first box on a path below another: `mdia`, `minf`, `stbl`. */
  async find(
    { start, end }: Pick<Box, 'start' | 'end'>,
    ...path: readonly string[]
  ): Promise<Box | undefined> {
    const [type, ...rest] = path;
    for await (const box of this.boxes(start, end))
      if (box.type === type) return rest.length > 0 ? this.find(box, ...rest) : box;
    return undefined;
  }
}

export function asciiOf(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}

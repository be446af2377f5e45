import { CustomSource, type Source } from 'mediabunny';

/** Bytes of one read. */
const blockBytes = 2 ** 18;
/** Sound and picture of a moment lie near each other. */
const mostBlocks = 4;
/** mediabunny's own cache. */
const cacheBytes = 2 ** 20;

/** A drive that was asleep may refuse to be read until it is up to speed. */
const readAgainMs = [500, 1500, 4000];

async function readBytes(film: Blob, attempt = 0): Promise<Uint8Array> {
  try {
    return new Uint8Array(await film.arrayBuffer());
  } catch (error) {
    const delayMs = readAgainMs[attempt];
    if (delayMs === undefined || !(error instanceof Error) || error.name !== 'NotReadableError') throw error;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return readBytes(film, attempt + 1);
  }
}

/**
 * A film to read from, with little of it in memory: `BlobSource` reads ahead through a stream, whose pieces the browser
 * frees late, and holds eight megabytes more.
 */
export function sourceOf(film: Blob): Source {
  const blocks = new Map<number, Promise<Uint8Array>>();
  const read = (index: number) => {
    const known = blocks.get(index);
    if (known) return known;
    const [oldest] = blocks.keys();
    if (oldest !== undefined && blocks.size >= mostBlocks) blocks.delete(oldest);
    const begins = index * blockBytes;
    const bytes = readBytes(film.slice(begins, begins + blockBytes));
    blocks.set(index, bytes);
    bytes.catch(() => blocks.delete(index));
    return bytes;
  };
  return new CustomSource({
    getSize: () => film.size,
    read: async (start, end) => {
      const first = Math.floor(start / blockBytes);
      const last = Math.floor((end - 1) / blockBytes);
      if (first === last)
        return (await read(first)).subarray(start - first * blockBytes, end - first * blockBytes);
      const bytes = new Uint8Array(end - start);
      for (let index = first; index <= last; index += 1) {
        const begins = index * blockBytes;
        const from = Math.max(start, begins);
        bytes.set((await read(index)).subarray(from - begins, end - begins), from - start);
      }
      return bytes;
    },
    maxCacheSize: cacheBytes,
    prefetchProfile: 'fileSystem',
    dispose: () => {
      blocks.clear();
    },
  });
}

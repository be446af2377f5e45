import { NullTarget, StreamTarget, type StreamTargetChunk, type Target } from 'mediabunny';

/** Gathered in memory before it is written; the default of mediabunny is 16 MB, and it holds several. */
const chunkBytes = 2 ** 20;

export interface CopyTarget {
  readonly target: Target;
  /** Lets go of the file, whatever has become of the copy. */
  readonly close: () => Promise<void>;
}

/** Where a copy is written to; undefined: nowhere. */
export async function openTarget(file: FileSystemFileHandle | undefined): Promise<CopyTarget> {
  if (!file) return { target: new NullTarget(), close: () => Promise.resolve() };
  const stream = (await openAccess(file)) ?? (await file.createWritable());
  return {
    target: new StreamTarget(stream, { chunked: true, chunkSize: chunkBytes }),
    close: async () => {
      // It is closed with the output, which is when it gets its content; an output that never started leaves it open.
      if (!stream.locked) await stream.abort().catch(() => undefined);
    },
  };
}

/**
 * Writes straight to the file, and waits until that is done: `createWritable` passes everything through a pipe to another
 * process and writes a second file. Only workers can.
 */
async function openAccess(
  file: FileSystemFileHandle,
): Promise<WritableStream<StreamTargetChunk> | undefined> {
  if (!('createSyncAccessHandle' in file)) return undefined;
  let access: FileSystemSyncAccessHandle;
  try {
    access = await file.createSyncAccessHandle();
  } catch {
    // Not in a private window of some browsers.
    return undefined;
  }
  try {
    access.truncate(0);
  } catch {
    access.close();
    return undefined;
  }
  return new WritableStream<StreamTargetChunk>({
    write: ({ data, position }) => {
      try {
        const written = access.write(data, { at: position });
        if (written < data.byteLength) throw new DOMException('the disk is full', 'QuotaExceededError');
      } catch (error) {
        // A stream that fails here calls neither close nor abort.
        access.close();
        throw error;
      }
    },
    close: () => {
      access.flush();
      access.close();
    },
    abort: () => {
      access.close();
    },
  });
}

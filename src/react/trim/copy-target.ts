import { NullTarget, type Output, StreamTarget, type StreamTargetChunk, type Target } from 'mediabunny';
import { CopyError, isQuotaExceeded } from './copy-types.js';

/** Gathered in memory before it is written; the default of mediabunny is 16 MB, and it holds several. */
const chunkBytes = 2 ** 20;

export interface CopyTarget {
  readonly target: Target;
  /** What the disk has failed with. */
  readonly failure: () => Error | undefined;
  /** Lets go of the file, whatever has become of the copy. */
  readonly close: () => Promise<void>;
}

/**
 * Where a copy is written to; undefined: nowhere. What the disk does not take is told by `onFailure`, once, and not by
 * the stream: mediabunny closes one that has failed, which fails again, and nothing waits for that.
 */
export async function openTarget(
  file: FileSystemFileHandle | undefined,
  onFailure: () => void,
): Promise<CopyTarget> {
  if (!file) return { target: new NullTarget(), failure: () => undefined, close: () => Promise.resolve() };
  let failure: Error | undefined;
  const onDisk: OnDisk = async (write) => {
    if (failure) return;
    try {
      await write();
    } catch (error) {
      failure = told(error);
      onFailure();
    }
  };
  const stream = (await openAccess(file, onDisk)) ?? (await openWritable(file, onDisk));
  return {
    target: new StreamTarget(stream, { chunked: true, chunkSize: chunkBytes }),
    failure: () => failure,
    close: async () => {
      // It is closed with the output, which is when it gets its content; an output that never started leaves it open.
      if (!stream.locked) await stream.abort().catch(() => undefined);
    },
  };
}

/** Decoders and encoders that the browser has taken back fail with the same name as a full disk. */
function told(error: unknown): Error {
  if (isQuotaExceeded(error)) return new CopyError('no-space', { cause: error });
  return error instanceof Error ? error : new Error('the disk has failed', { cause: error });
}

/** What has not become a whole file. Of one that could not be written, that is the failure to tell. */
export async function cancelOutput(output: Output): Promise<void> {
  if (output.state === 'finalized' || output.state === 'canceled') return;
  await output.cancel().catch(() => undefined);
}

type OnDisk = (write: () => void | Promise<void>) => Promise<void>;

/**
 * Writes straight to the file, and waits until that is done: `createWritable` passes everything through a pipe to another
 * process and writes a second file. Only workers can.
 */
async function openAccess(
  file: FileSystemFileHandle,
  onDisk: OnDisk,
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
    write: ({ data, position }) =>
      onDisk(() => {
        const written = access.write(data, { at: position });
        // Chromium answers the code of its error as a number without sign: more than there was to write.
        if (written !== data.byteLength) throw new CopyError('no-space');
      }),
    close: async () => {
      await onDisk(() => {
        access.flush();
      });
      access.close();
    },
    abort: () => {
      access.close();
    },
  });
}

async function openWritable(
  file: FileSystemFileHandle,
  onDisk: OnDisk,
): Promise<WritableStream<StreamTargetChunk>> {
  const writable = await file.createWritable().catch((error: unknown) => {
    throw told(error);
  });
  return new WritableStream<StreamTargetChunk>({
    write: (chunk) => onDisk(() => writable.write(chunk)),
    close: () => onDisk(() => writable.close()),
    abort: (reason) => writable.abort(reason),
  });
}

import { openRecordings, type RecordingFolder, type RecordingInfo } from '../sources/recording-files.js';
import { CopyError, type CopyOrder } from './copy-types.js';
import { copyMedia, type MediaJobOptions } from './media-client.js';

/** In the origin's private file system, as recordings are. */
const copiesFolder = 'vodrop-copies';
/** An index and the granularity of the disk, beside the streams. */
const spareBytes = 4e6;

/** A film that was made here, as an upload takes it. */
export interface MadeCopy {
  readonly file: File;
  /** Opens it after a reload, without a question. */
  readonly handle: FileSystemFileHandle;
  readonly folder: RecordingFolder;
  readonly durationSeconds: number;
}

export interface MakeOptions extends MediaJobOptions {
  readonly place: string;
  /** Of the original. */
  readonly fileName: string;
  readonly order: Omit<CopyOrder, 'target'>;
  /** About how large it gets. */
  readonly sizeBytes: number;
}

/** Whether the browser keeps files for pages. */
export async function canKeepCopies(place: string): Promise<boolean> {
  return (await openRecordings(place, copiesFolder)) !== undefined;
}

/** Makes a copy in a file of its own; what does not get whole is removed. Rejects with {@link CopyError}. */
export async function makeFile({
  place,
  fileName,
  order,
  sizeBytes,
  ...job
}: MakeOptions): Promise<MadeCopy> {
  const files = await openRecordings(place, copiesFolder);
  if (!files) throw new CopyError('no-storage');
  if ((await freeBytes()) < sizeBytes + spareBytes) throw new CopyError('no-space');
  const id = crypto.randomUUID();
  const folder = await files.create({ id, mimeType: order.source.type, startedAt: Date.now() });
  try {
    const name = nameOf(fileName, order.container);
    const handle = await folder.createWhole(name);
    const { durationSeconds } = await copyMedia({ ...order, target: handle }, job);
    await folder.keepWhole(name, durationSeconds);
    return { file: await handle.getFile(), handle, folder, durationSeconds };
  } catch (error) {
    folder.release();
    await files.remove(id);
    throw error;
  }
}

export async function discardCopy(place: string, { folder }: MadeCopy): Promise<void> {
  const files = await openRecordings(place, copiesFolder);
  folder.release();
  await files?.remove(folder.info.id);
}

/** Removes the copies of earlier visits that are not wanted. */
export async function sweepCopies(place: string, isWanted: (info: RecordingInfo) => boolean): Promise<void> {
  await (await openRecordings(place, copiesFolder))?.sweep(isWanted);
}

/** The name of the original, with the extension of the container. */
function nameOf(fileName: string, container: string): string {
  const stem = fileName.replace(/\.[^.]*$/, '').replace(/[/\\]/g, ' ');
  return `${stem || 'video'}${container}`;
}

async function freeBytes(): Promise<number> {
  try {
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return Infinity;
  }
}

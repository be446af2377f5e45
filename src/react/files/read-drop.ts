import type { AddItem } from '../../engine/index.js';

/**
 * The files of a drop or a paste, folders opened; with their handles where the browser has them, so that they can be
 * opened again after a crash. Everything has to be taken synchronously: the browser empties the DataTransfer as soon
 * as the event is over.
 * @param onCount told how many files have been found so far, for folders that take a while.
 */
export function readDrop(
  transfer: DataTransfer,
  onCount?: (count: number) => void,
): Promise<readonly AddItem[]> {
  const roots = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => ({ handle: handleOf(item), entry: entryOf(item), file: item.getAsFile() }));
  if (!roots.some(({ handle, entry }) => handle !== undefined || entry?.isDirectory))
    return Promise.resolve(Array.from(transfer.files));
  return readAll(roots, onCount);
}

interface Root {
  handle: Promise<FileSystemHandle | undefined> | undefined;
  entry: FileSystemEntry | null;
  file: File | null;
}

function handleOf(item: DataTransferItem): Root['handle'] {
  const { getAsFileSystemHandle } = item as {
    getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
  };
  // Refused for files that pages may not have handles of. Without one the file itself does.
  return getAsFileSystemHandle?.call(item).then(
    (handle) => handle ?? undefined,
    () => undefined,
  );
}

// Not in every browser, and not in test environments.
function entryOf(item: DataTransferItem): FileSystemEntry | null {
  return typeof item.webkitGetAsEntry === 'function' ? item.webkitGetAsEntry() : null;
}

async function readAll(roots: readonly Root[], onCount?: (count: number) => void): Promise<AddItem[]> {
  const items: AddItem[] = [];
  const add = (item: AddItem) => {
    items.push(item);
    onCount?.(items.length);
  };
  for (const { handle: promised, entry, file } of roots) {
    const handle = await promised;
    if (handle?.kind === 'directory') await walkHandle(handle as FileSystemDirectoryHandle, add);
    else if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, add);
    else if (file) add(handle ? { file, handle: handle as FileSystemFileHandle } : file);
  }
  return items;
}

async function walkHandle(folder: FileSystemDirectoryHandle, add: (item: AddItem) => void): Promise<void> {
  for await (const handle of folder.values()) {
    if (handle.kind === 'directory') await walkHandle(handle, add);
    else if (!isSystemFile(handle.name)) add({ file: await handle.getFile(), handle });
  }
}

async function walk(folder: FileSystemDirectoryEntry, add: (item: AddItem) => void): Promise<void> {
  const reader = folder.createReader();
  // Chromium hands out at most 100 entries a time; an empty batch is the end.
  for (let batch = await read(reader); batch.length > 0; batch = await read(reader)) {
    for (const entry of batch) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, add);
      else if (!isSystemFile(entry.name)) add(await open(entry as FileSystemFileEntry));
    }
  }
}

const read = (reader: FileSystemDirectoryReader) =>
  new Promise<FileSystemEntry[]>((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
const open = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });

/** Nobody means these when dropping a folder. */
const isSystemFile = (name: string) => name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';

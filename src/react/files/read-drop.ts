/**
 * The files of a drop or a paste, folders opened. Entries have to be taken synchronously: the browser empties the
 * DataTransfer as soon as the event is over.
 * @param onCount told how many files have been found so far, for folders that take a while.
 */
export function readDrop(transfer: DataTransfer, onCount?: (count: number) => void): Promise<File[]> {
  const entries = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: entryOf(item), file: item.getAsFile() }));
  const folders = entries.some(({ entry }) => entry?.isDirectory);
  if (!folders) return Promise.resolve(Array.from(transfer.files));
  return readAll(entries, onCount);
}

// Not in every browser, and not in test environments.
function entryOf(item: DataTransferItem): FileSystemEntry | null {
  return typeof item.webkitGetAsEntry === 'function' ? item.webkitGetAsEntry() : null;
}

async function readAll(roots: { entry: FileSystemEntry | null; file: File | null }[], onCount?: (count: number) => void) {
  const files: File[] = [];
  const add = (file: File) => { files.push(file); onCount?.(files.length); };
  for (const { entry, file } of roots) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, add);
    else if (file) add(file);
  }
  return files;
}

async function walk(folder: FileSystemDirectoryEntry, add: (file: File) => void): Promise<void> {
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
  new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
const open = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => { entry.file(resolve, reject); });

/** Nobody means these when dropping a folder. */
const isSystemFile = (name: string) => name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';

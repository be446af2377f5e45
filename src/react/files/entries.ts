/** A file below what was dropped, whichever of the browser's two interfaces it comes from. */
interface FileEntry {
  readonly kind: 'file';
  readonly name: string;
  readonly handle: FileSystemFileHandle | undefined;
  readonly open: () => Promise<File>;
}

export interface Folder {
  readonly kind: 'folder';
  readonly name: string;
  readonly list: () => AsyncIterable<FileEntry | Folder>;
}

type Entry = FileEntry | Folder;

/** Of the File System Access API, whose handles open a file again after a crash. */
export function entryOfHandle(handle: FileSystemHandle): Entry {
  const { name } = handle;
  if (handle.kind === 'directory')
    return { kind: 'folder', name, list: () => listHandle(handle as FileSystemDirectoryHandle) };
  const file = handle as FileSystemFileHandle;
  return { kind: 'file', name, handle: file, open: () => file.getFile() };
}

async function* listHandle(folder: FileSystemDirectoryHandle): AsyncIterable<Entry> {
  for await (const handle of folder.values()) yield entryOfHandle(handle);
}

/** Of the File and Directory Entries API, which every browser has. */
export function entryOfEntry(entry: FileSystemEntry): Entry {
  const { name } = entry;
  if (entry.isDirectory)
    return { kind: 'folder', name, list: () => listEntry(entry as FileSystemDirectoryEntry) };
  const open = () =>
    new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
  return { kind: 'file', name, handle: undefined, open };
}

async function* listEntry(folder: FileSystemDirectoryEntry): AsyncIterable<Entry> {
  const reader = folder.createReader();
  const read = () =>
    new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
  // Chromium returns at most 100 entries at a time; an empty batch is the end.
  // https://developer.mozilla.org/docs/Web/API/FileSystemDirectoryReader/readEntries
  for (let batch = await read(); batch.length > 0; batch = await read()) yield* batch.map(entryOfEntry);
}

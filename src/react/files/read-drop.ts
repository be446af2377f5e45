import type { AddItem } from '../../engine/index.js';
import { entryOfEntry, entryOfHandle, type Folder } from './entries.js';
import { inNaturalOrder, unreadable } from './items.js';
import { isSystemName } from './system-names.js';

/** Files opened side by side. */
const groupSize = 32;
/** A file or folder of a disk that does not answer for this long is left out as unreadable. */
const openTimeoutMs = 15_000;

/**
 * The files of a drop in natural order, folders opened; with their handles where the browser has them, so that they can
 * be opened again after a crash. A file or folder that cannot be opened becomes an item that is rejected by its name.
 * Everything has to be taken synchronously: the browser empties the DataTransfer as soon as the event is over.
 * @param onCount called with the number of files found so far, for folders that take a while.
 */
export function readDrop(
  transfer: DataTransfer,
  onCount?: (count: number) => void,
): Promise<readonly AddItem[]> {
  const roots = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => ({ handle: handleOf(item), entry: entryOf(item), file: item.getAsFile() }));
  if (!roots.some(({ handle, entry }) => handle !== undefined || entry?.isDirectory))
    return inNaturalOrder(Array.from(transfer.files));
  return readAll(roots, onCount);
}

interface Root {
  handle: Promise<FileSystemHandle | null> | undefined;
  entry: FileSystemEntry | null;
  file: File | null;
}

function handleOf(item: DataTransferItem): Root['handle'] {
  const { getAsFileSystemHandle } = item as {
    getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
  };
  // Rejected for files that pages may not have handles of. Without one the file itself does.
  return getAsFileSystemHandle?.call(item).catch(() => null);
}

// Not in every browser, and not in test environments.
function entryOf(item: DataTransferItem): FileSystemEntry | null {
  return typeof item.webkitGetAsEntry === 'function' ? item.webkitGetAsEntry() : null;
}

/** A file that was found, not opened yet. */
interface Found {
  readonly path: string;
  readonly open: () => Promise<AddItem>;
}

type Add = (found: Found) => void;

async function readAll(roots: readonly Root[], onCount?: (count: number) => void): Promise<AddItem[]> {
  const found: Found[] = [];
  const add: Add = (one) => {
    found.push(one);
    onCount?.(found.length);
  };
  for (const { handle: promised, entry, file } of roots) {
    const handle = promised && (await inTime(promised).catch(() => null));
    const folder = rootFolder(handle, entry);
    // Several roots may be all that a disk holds, its trash included; a single one is meant by the person.
    if (folder && roots.length > 1 && isSystemName(folder.name)) continue;
    if (folder) await walk(folder, folder.name, add);
    else if (file) add({ path: file.name, open: () => Promise.resolve(withHandle(file, handle)) });
  }
  return openAll(await inNaturalOrder(found));
}

function rootFolder(
  handle: FileSystemHandle | null | undefined,
  entry: FileSystemEntry | null,
): Folder | undefined {
  const root =
    handle?.kind === 'directory'
      ? entryOfHandle(handle)
      : entry?.isDirectory
        ? entryOfEntry(entry)
        : undefined;
  return root?.kind === 'folder' ? root : undefined;
}

function withHandle(file: File, handle: FileSystemHandle | null | undefined): AddItem {
  return handle?.kind === 'file' ? { file, handle: handle as FileSystemFileHandle } : file;
}

/** Finds the files of a folder. One that cannot be listed is found as an unreadable item, beside what was listed of it. */
async function walk(folder: Folder, path: string, add: Add): Promise<void> {
  try {
    const entries = folder.list()[Symbol.asyncIterator]();
    for (let next = await inTime(entries.next()); !next.done; next = await inTime(entries.next())) {
      const entry = next.value;
      const below = `${path}/${entry.name}`;
      if (isSystemName(entry.name)) continue;
      if (entry.kind === 'folder') await walk(entry, below, add);
      else
        add({
          path: below,
          open: async () => ({ file: await entry.open(), handle: entry.handle, path: below }),
        });
    }
  } catch {
    add({ path, open: () => Promise.resolve(unreadable(folder.name, path)) });
  }
}

async function openAll(found: readonly Found[]): Promise<AddItem[]> {
  const items: AddItem[] = [];
  for (let index = 0; index < found.length; index += groupSize) {
    const group = found.slice(index, index + groupSize);
    items.push(
      ...(await Promise.all(
        group.map(({ path, open }) =>
          inTime(open()).catch(() => unreadable(path.slice(path.lastIndexOf('/') + 1), path)),
        ),
      )),
    );
  }
  return items;
}

/** Rejects when a disk does not answer in time. Callers do not use the reason. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, openTimeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

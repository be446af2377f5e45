import { Listeners } from '../../engine/shared.js';

/*
 * Recordings in the origin's private file system: `vodrop-recordings/<scope>/<id>/`. While it runs, each second is a
 * file of its own, `<number>-<milliseconds so far>-<bytes so far>.part`: a writable keeps what it was given in a copy
 * until it is closed, so that one file for all would be empty after a crash. At the end they become one file.
 */

/** What is written down about a recording when it begins. */
export interface RecordingInfo {
  readonly id: string;
  readonly mimeType: string;
  /** `Date.now()` */
  readonly startedAt: number;
  /** Set once it stands in the list: its upload. */
  readonly uploadId?: string | undefined;
  /** The cloud has it: it goes with its row, or at the next visit. */
  readonly isUploaded?: boolean | undefined;
  /** Set once it is one file. */
  readonly fileName?: string | undefined;
  readonly durationSeconds?: number | undefined;
}

/** A recording that no tab has open. */
export interface StoredRecording {
  readonly info: RecordingInfo;
  readonly durationSeconds: number;
  readonly sizeBytes: number;
  /** False where the page ended while it was recorded. */
  readonly isWhole: boolean;
}

/** Told when a recording of this page is let go or removed. */
export const recordingsChanged = new Listeners();

const folderName = 'vodrop-recordings';
const infoName = 'info.json';
const lockName = (id: string) => `vodrop/recording/${id}`;

/**
 * The recordings of one scope, or other films that were made here, in a folder of that name; undefined where the browser
 * keeps no files for pages.
 */
export async function openRecordings(
  scope: string,
  inFolder = folderName,
): Promise<RecordingFiles | undefined> {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return undefined;
    const root = await navigator.storage.getDirectory();
    const all = await root.getDirectoryHandle(inFolder, { create: true });
    return new RecordingFiles(await all.getDirectoryHandle(await folderOf(scope), { create: true }));
  } catch {
    // Not in a private window of some browsers, nor on a page that is not secure: recordings stay in memory.
    return undefined;
  }
}

async function folderOf(scope: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(scope));
  return Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class RecordingFiles {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** Begins one, and holds it for this tab. */
  async create(info: RecordingInfo): Promise<RecordingFolder> {
    const release = await hold(info.id);
    try {
      const folder = new RecordingFolder(
        await this.#folder.getDirectoryHandle(info.id, { create: true }),
        info,
        release ?? (() => undefined),
      );
      await folder.note({});
      return folder;
    } catch (error) {
      release?.();
      throw error;
    }
  }

  /** Holds one of an earlier visit for this tab; undefined while another has it, or when it is gone. */
  async take(id: string): Promise<RecordingFolder | undefined> {
    const release = await hold(id);
    if (!release) return undefined;
    try {
      const folder = await this.#folder.getDirectoryHandle(id);
      return new RecordingFolder(folder, await readInfo(folder), release);
    } catch {
      release();
      return undefined;
    }
  }

  /** To look into one, without holding it. */
  async peek(id: string): Promise<Pick<RecordingFolder, 'read'>> {
    const folder = await this.#folder.getDirectoryHandle(id);
    return new RecordingFolder(folder, await readInfo(folder), () => undefined);
  }

  /** All that no tab has open, the newest first. */
  async list(): Promise<readonly StoredRecording[]> {
    const held = await heldIds();
    const found: StoredRecording[] = [];
    for await (const [id, entry] of this.#folder.entries()) {
      if (entry.kind !== 'directory' || held.has(id)) continue;
      const stored = await readStored(entry).catch(() => undefined);
      if (stored?.info.isUploaded)
        await this.#folder.removeEntry(id, { recursive: true }).catch(() => undefined);
      else if (stored) found.push(stored);
    }
    return found.sort((one, other) => other.info.startedAt - one.info.startedAt);
  }

  /** Removes those that no tab has open and that are not wanted, half-written ones among them. */
  async sweep(isWanted: (info: RecordingInfo) => boolean): Promise<void> {
    const held = await heldIds();
    const unwanted: string[] = [];
    for await (const [id, entry] of this.#folder.entries()) {
      if (entry.kind !== 'directory' || held.has(id)) continue;
      const info = await readInfo(entry).catch(() => undefined);
      if (!info || !isWanted(info)) unwanted.push(id);
    }
    for (const id of unwanted) {
      // Another tab may have begun it since.
      const release = await hold(id);
      if (release) await this.#folder.removeEntry(id, { recursive: true }).catch(() => undefined);
      release?.();
    }
  }

  /** Removes one of an earlier visit; not while another tab has it open. */
  async discard(id: string): Promise<void> {
    const release = await hold(id);
    if (release) await this.remove(id);
    else recordingsChanged.notify();
    release?.();
  }

  async remove(id: string): Promise<void> {
    await this.#folder.removeEntry(id, { recursive: true }).catch(() => undefined);
    recordingsChanged.notify();
  }
}

/** One recording that this tab has open. */
export class RecordingFolder {
  #info: RecordingInfo;
  readonly #folder: FileSystemDirectoryHandle;
  readonly #release: () => void;

  constructor(folder: FileSystemDirectoryHandle, info: RecordingInfo, release: () => void) {
    this.#folder = folder;
    this.#info = info;
    this.#release = release;
  }

  get info(): RecordingInfo {
    return this.#info;
  }

  async note(patch: Partial<RecordingInfo>): Promise<void> {
    this.#info = { ...this.#info, ...patch };
    await write(await this.#file(infoName), JSON.stringify(this.#info));
  }

  /** Stores one more second; it survives a crash once this is done. */
  async append(chunk: Blob, index: number, elapsedMs: number, sizeBytes: number): Promise<void> {
    const name = `${String(index).padStart(6, '0')}-${Math.round(elapsedMs)}-${sizeBytes}.part`;
    try {
      await write(await this.#file(name), chunk);
    } catch (error) {
      // Empty: its name would count bytes that are not there.
      await this.#folder.removeEntry(name).catch(() => undefined);
      throw error;
    }
  }

  /** What was recorded, without reading it into memory. */
  async read(): Promise<Blob> {
    const { fileName, mimeType } = this.#info;
    if (fileName !== undefined) return (await wholeIn(this.#folder, fileName)).getFile();
    const parts = (await partsIn(this.#folder)).map(({ name }) => name);
    const files = await Promise.all(parts.map(async (name) => (await this.#file(name)).getFile()));
    return new Blob(files, { type: mimeType.replace(/;.*/, '') });
  }

  /** A new file for the whole. */
  async createWhole(name: string): Promise<FileSystemFileHandle> {
    await this.#folder.removeEntry(name).catch(() => undefined);
    return this.#file(name);
  }

  /** The whole file is there: the seconds are not needed any more. */
  async keepWhole(fileName: string, durationSeconds: number): Promise<void> {
    await this.note({ fileName, durationSeconds });
    // What stays is removed with the whole.
    for (const { name } of await partsIn(this.#folder))
      await this.#folder.removeEntry(name).catch(() => undefined);
  }

  /** The whole under the name that the person gave, and a handle that opens it after a reload. */
  async named(name: string): Promise<{ file: File; handle: FileSystemFileHandle } | undefined> {
    const { fileName } = this.#info;
    if (fileName === undefined) return undefined;
    const handle: MovableHandle = await wholeIn(this.#folder, fileName);
    if (name !== handle.name) {
      if (!handle.move) return undefined;
      await handle.move(name);
      await this.note({ fileName: name });
    }
    return { file: await handle.getFile(), handle };
  }

  release(): void {
    this.#release();
    recordingsChanged.notify();
  }

  #file(name: string): Promise<FileSystemFileHandle> {
    return this.#folder.getFileHandle(name, { create: true });
  }
}

async function write(handle: FileSystemFileHandle, content: Blob | string): Promise<void> {
  const writable = await handle.createWritable();
  try {
    await writable.write(content);
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
  await writable.close();
}

interface Part {
  readonly name: string;
  readonly elapsedMs: number;
  readonly sizeBytes: number;
}

/** The seconds in their order. */
async function partsIn(folder: FileSystemDirectoryHandle): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const name of folder.keys()) {
    const [, elapsedMs, sizeBytes] = /^\d+-(\d+)-(\d+)\.part$/.exec(name) ?? [];
    if (elapsedMs !== undefined && sizeBytes !== undefined)
      parts.push({ name, elapsedMs: Number(elapsedMs), sizeBytes: Number(sizeBytes) });
  }
  return parts.sort((one, other) => (one.name < other.name ? -1 : 1));
}

type MovableHandle = FileSystemFileHandle & { move?: (name: string) => Promise<void> };

/** The whole file; by the name that was noted, or by the one it got just before the page ended. */
async function wholeIn(folder: FileSystemDirectoryHandle, fileName: string): Promise<FileSystemFileHandle> {
  try {
    return await folder.getFileHandle(fileName);
  } catch (error) {
    for await (const name of folder.keys())
      if (name !== infoName && !name.endsWith('.part')) return folder.getFileHandle(name);
    throw error;
  }
}

async function readInfo(folder: FileSystemDirectoryHandle): Promise<RecordingInfo> {
  const file = await (await folder.getFileHandle(infoName)).getFile();
  return JSON.parse(await file.text()) as RecordingInfo;
}

/** Undefined where nothing was recorded. */
async function readStored(folder: FileSystemDirectoryHandle): Promise<StoredRecording | undefined> {
  const info = await readInfo(folder);
  if (info.fileName !== undefined) {
    const { size } = await (await wholeIn(folder, info.fileName)).getFile();
    return { info, durationSeconds: info.durationSeconds ?? 0, sizeBytes: size, isWhole: true };
  }
  const last = (await partsIn(folder)).at(-1);
  return last && { info, durationSeconds: last.elapsedMs / 1000, sizeBytes: last.sizeBytes, isWhole: false };
}

/**
 * Of a recording, or of anything else with an id of its own: a Web Lock until the returned function is called or the tab
 * is gone. Undefined while another tab has it.
 */
export function hold(id: string): Promise<(() => void) | undefined> {
  const locks = locksOf();
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    locks
      .request(lockName(id), { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => {
          resolve(release);
        });
      })
      .catch(reject);
  });
}

export async function heldIds(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locksOf()?.query()) ?? {};
  const prefix = lockName('');
  return new Set(held.map(({ name = '' }) => (name.startsWith(prefix) ? name.slice(prefix.length) : '')));
}

/** Absent in old browsers, though the types say otherwise. */
const locksOf = () => navigator.locks as LockManager | undefined;

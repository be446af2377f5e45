import { bytesOf, maxSmallBytes } from '../worker/small-bodies.js';
import { JournalDatabase } from './journal-database.js';
import type { JournalEntry, JournalPart, JournalStore } from './store.js';
import { withoutEntry } from './without-entry.js';

type StoreName = 'uploads' | 'parts' | 'files';
type Stores = (name: StoreName) => IDBObjectStore;

interface Write {
  ask: (store: Stores) => void;
  readonly written: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** WebKit can hang while it stores a Blob: the transaction is aborted after this long. */
const fileTimeoutMs = 10_000;

/**
 * The journal in IndexedDB. Opened on first use at the latest; every method rejects where the browser refuses it. What
 * uploads need does not wait for the bytes of small files, which are only a comfort.
 */
export class IndexedDbJournalStore implements JournalStore {
  readonly #database: JournalDatabase;
  #isSwept = false;
  readonly #records = new WriteQueue(() => this.#database.open(), ['uploads', 'parts']);
  readonly #files = new WriteQueue(() => this.#database.open(), ['files'], fileTimeoutMs);
  /** Files that are read to be written; those whose upload is deleted meanwhile are not written. */
  readonly #reading = new Map<string, Promise<Blob | ArrayBuffer>>();

  constructor(database = new JournalDatabase()) {
    this.#database = database;
  }

  async load(endpoint: string, provider: string): Promise<JournalEntry[]> {
    const entries = await this.#read<JournalEntry[]>('uploads', (uploads) => uploads.getAll());
    this.#sweep(new Set(entries.map(({ id }) => id)));
    return entries.filter((entry) => entry.endpoint === endpoint && entry.provider === provider);
  }

  async parts(id: string): Promise<JournalPart[]> {
    const parts = await this.#read<(JournalPart & { id: string })[]>('parts', (store) =>
      store.getAll(rangeOf(id)),
    );
    return parts.map(({ id: _id, ...part }) => part);
  }

  async put(entry: JournalEntry): Promise<void> {
    await this.#records.write((store) => putEntry(store('uploads'), entry), entry.id, true);
  }

  async putPart(id: string, part: JournalPart): Promise<void> {
    let found: IDBRequest<IDBValidKey | undefined> | undefined;
    await this.#records.write((store) => {
      store('parts').put({ id, ...part });
      found = store('uploads').getKey(id);
    });
    if (found?.result === undefined) throw withoutEntry();
  }

  async deletePart(id: string, partNumber: number): Promise<void> {
    await this.#records.write((store) => store('parts').delete([id, partNumber]));
  }

  async putFile(id: string, file: Blob): Promise<void> {
    // Of a Blob, Chromium writes a file of its own, which costs several times what it takes to send so few bytes. As
    // bytes they are a part of the record; from 64 KiB on, Chromium makes a Blob of that, too.
    const reading = file.size > maxSmallBytes ? Promise.resolve(file.slice()) : bytesOf(file);
    this.#reading.set(id, reading);
    try {
      const bytes = await reading;
      if (this.#reading.get(id) === reading)
        await this.#files.write((store) => store('files').put({ id, bytes }));
    } finally {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
    }
  }

  async file(id: string): Promise<Blob | undefined> {
    await this.#reading.get(id)?.catch(() => {});
    const found = await this.#read<{ bytes: Blob | ArrayBuffer } | undefined>('files', (files) =>
      files.get(id),
    );
    return found && new Blob([found.bytes]);
  }

  async delete(id: string): Promise<void> {
    this.#reading.delete(id);
    // Not waited for; what a page that dies in between leaves is swept up later.
    this.#files.write((store) => store('files').delete(id)).catch(() => {});
    await this.#records.write((store) => {
      store('uploads').delete(id);
      store('parts').delete(rangeOf(id));
    }, id);
  }

  /** The browser closes the database where the person clears the site's data. */
  watch(onDoubt: () => void): void {
    this.#database.onClose = onDoubt;
  }

  /** Bytes and parts without an entry, which was refused or is deleted. Once: a page leaves few of them. */
  #sweep(known: ReadonlySet<string>): void {
    if (this.#isSwept) return;
    this.#isSwept = true;
    void this.#sweepFiles(known).catch(() => {});
    void this.#sweepParts().catch(() => {});
  }

  async #sweepFiles(known: ReadonlySet<string>): Promise<void> {
    const kept = await this.#read<IDBValidKey[]>('files', (files) => files.getAllKeys());
    const left = kept.filter((key) => !known.has((key as string).split('#')[0] ?? ''));
    if (left.length > 0) await this.#files.write((store) => left.forEach((id) => store('files').delete(id)));
  }

  /** In one transaction, because another tab may write an entry and its parts meanwhile. */
  async #sweepParts(): Promise<void> {
    const transaction = (await this.#database.open()).transaction(['uploads', 'parts'], 'readwrite');
    const ids = transaction.objectStore('uploads').getAllKeys();
    const store = transaction.objectStore('parts');
    const parts = store.getAllKeys();
    parts.onsuccess = () => {
      const known = new Set(ids.result);
      for (const key of parts.result as [string, number][]) if (!known.has(key[0])) store.delete(key);
    };
    await completed(transaction);
  }

  /** What has been asked to be written before is read. */
  async #read<T>(name: StoreName, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    await (name === 'files' ? this.#files : this.#records).idle();
    const transaction = (await this.#database.open()).transaction(name, 'readonly');
    const request = ask(transaction.objectStore(name));
    await completed(transaction);
    return request.result as T;
  }
}

function putEntry(uploads: IDBObjectStore, entry: JournalEntry): void {
  try {
    uploads.put(entry);
  } catch (error) {
    // A browser may give handles and not let them be stored; the rest is worth keeping all the same. It is put here,
    // because a deletion may follow in the same transaction.
    if (!entry.handle || !(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
    uploads.put({ ...entry, handle: undefined });
  }
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
}

function rangeOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}

/** As many writes a second are no hurry: they are of many small files. */
const busyRate = 50;
/** So many at once are none yet. */
const busyBurst = 20;
/** The time between two transactions of a busy journal. */
const restMs = 100;
/** After these there may be no time left. The second one bubbles to the window. */
const leavingEvents = ['pagehide', 'visibilitychange'];

/** Its timers are up to a minute late, and it may be killed at any time. */
function isPageHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}

/**
 * Writes in order; those asked for during one transaction share the next, because each transaction is slow. While many
 * are asked for, transactions are apart from each other, and an entry is written once in each.
 */
class WriteQueue {
  readonly #open: () => Promise<IDBDatabase>;
  readonly #stores: readonly StoreName[];
  readonly #timeoutMs: number | undefined;
  readonly #writes: Write[] = [];
  /** Those of an entry that wait, by its id: a later one takes the place of one before it. */
  readonly #replaceable = new Map<string, Write>();
  #isWriting = false;
  #last: Promise<unknown> | undefined;
  /** Writes asked for lately, and when that was counted. */
  #load = 0;
  #countedAt = 0;
  #endRest = () => {};

  constructor(open: () => Promise<IDBDatabase>, stores: readonly StoreName[], timeoutMs?: number) {
    this.#open = open;
    this.#stores = stores;
    this.#timeoutMs = timeoutMs;
  }

  /** Resolves when what was asked for before is through. */
  async idle(): Promise<void> {
    this.#endRest();
    await this.#last?.catch(() => {});
  }

  /**
   * Resolves when the transaction is through, not when it is asked for. `id`: of the entry that it writes as a whole,
   * with `isPut`, or deletes.
   */
  write(ask: (store: Stores) => void, id = '', isPut = false): Promise<void> {
    const before = this.#replaceable.get(id);
    this.#replaceable.delete(id);
    this.#count();
    if (before && isPut) before.ask = ask;
    const write = before && isPut ? before : this.#add(ask);
    if (isPut) this.#replaceable.set(id, write);
    return write.written;
  }

  #add(ask: Write['ask']): Write {
    let settle!: Pick<Write, 'resolve' | 'reject'>;
    const written = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    const write = { ask, written, ...settle };
    this.#writes.push(write);
    this.#last = written;
    if (!this.#isWriting) void this.#writeAll();
    return write;
  }

  #count(): void {
    const now = performance.now();
    const past = (busyRate / 1000) * (now - this.#countedAt);
    this.#load = Math.min(2 * busyBurst, Math.max(0, this.#load - past) + 1);
    this.#countedAt = now;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // Begins when all that is asked for in this turn has been.
    await Promise.resolve();
    while (this.#writes.length > 0) {
      this.#replaceable.clear();
      await this.#commit(this.#writes.splice(0));
      if (this.#load > busyBurst && !isPageHidden()) await this.#rest();
    }
    this.#isWriting = false;
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const end = (this.#endRest = () => {
        clearTimeout(timer);
        for (const type of leavingEvents) globalThis.removeEventListener?.(type, end);
        resolve();
      });
      const timer = setTimeout(end, restMs);
      for (const type of leavingEvents) globalThis.addEventListener?.(type, end);
    });
  }

  /** Never rejects: each write learns by itself what became of it. */
  async #commit(writes: readonly Write[]): Promise<void> {
    let timeout: ReturnType<typeof setTimeout> | undefined;
    try {
      const transaction = (await this.#open()).transaction(this.#stores, 'readwrite');
      const through = completed(transaction);
      if (this.#timeoutMs !== undefined) timeout = setTimeout(() => transaction.abort(), this.#timeoutMs);
      try {
        for (const { ask } of writes) ask((name) => transaction.objectStore(name));
      } catch (error) {
        through.catch(() => {});
        transaction.abort();
        throw error;
      }
      // Chromium aborts what is not committed when the page ends. After `commit`, the timeout could not abort it.
      if (this.#timeoutMs === undefined) transaction.commit();
      await through;
      for (const { resolve } of writes) resolve();
    } catch (error) {
      const [first, ...others] = writes;
      if (others.length === 0) first?.reject(error);
      // A write that fails must not fail the others.
      else for (const write of writes) await this.#commit([write]);
    } finally {
      clearTimeout(timeout);
    }
  }
}

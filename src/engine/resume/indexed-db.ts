import type { JournalEntry, JournalPart, ResumeStore } from './store.js';

/** The journal in IndexedDB. Opened on first use; every method rejects where the browser refuses it. */
export class IndexedDbResumeStore implements ResumeStore {
  readonly #name: string;
  #opened: Promise<IDBDatabase> | undefined;

  constructor(name = 'vodrop') {
    this.#name = name;
  }

  async load(endpoint: string, provider: string): Promise<JournalEntry[]> {
    const entries = await this.#run<JournalEntry[]>('uploads', 'readonly', (uploads) => uploads.getAll());
    return entries.filter((entry) => entry.endpoint === endpoint && entry.provider === provider);
  }

  async parts(id: string): Promise<JournalPart[]> {
    const parts = await this.#run<(JournalPart & { id: string })[]>('parts', 'readonly', (store) => store.getAll(rangeOf(id)));
    return parts.map(({ partNumber, sizeBytes, md5Base64 }) => ({ partNumber, sizeBytes, md5Base64 }));
  }

  async put(entry: JournalEntry): Promise<void> {
    try {
      await this.#run('uploads', 'readwrite', (uploads) => uploads.put(entry));
    } catch (error) {
      // A browser may give handles and not let them be stored; the rest is worth keeping all the same.
      if (!entry.handle || !(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
      await this.#run('uploads', 'readwrite', (uploads) => uploads.put({ ...entry, handle: undefined }));
    }
  }

  async putPart(id: string, part: JournalPart): Promise<void> {
    await this.#run('parts', 'readwrite', (parts) => parts.put({ id, ...part }));
  }

  async deletePart(id: string, partNumber: number): Promise<void> {
    await this.#run('parts', 'readwrite', (parts) => parts.delete([id, partNumber]));
  }

  async putFile(id: string, bytes: Blob): Promise<void> {
    await this.#run('files', 'readwrite', (files) => files.put({ id, bytes }));
  }

  async file(id: string): Promise<Blob | undefined> {
    return (await this.#run<{ bytes: Blob } | undefined>('files', 'readonly', (files) => files.get(id)))?.bytes;
  }

  async delete(id: string): Promise<void> {
    // All or nothing: a page that dies in between must not leave bytes that nobody asks for any more.
    const transaction = (await this.#open()).transaction(['uploads', 'parts', 'files'], 'readwrite');
    transaction.objectStore('files').delete(id);
    transaction.objectStore('uploads').delete(id);
    transaction.objectStore('parts').delete(rangeOf(id));
    await completed(transaction);
  }

  /** One request in a transaction of its own; resolves when the transaction is through, not when it is asked for. */
  async #run<T>(store: 'uploads' | 'parts' | 'files', mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const transaction = (await this.#open()).transaction(store, mode);
    const request = ask(transaction.objectStore(store));
    await completed(transaction);
    return request.result as T;
  }

  #open(): Promise<IDBDatabase> {
    this.#opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('uploads', { keyPath: 'id' });
        request.result.createObjectStore('parts', { keyPath: ['id', 'partNumber'] });
        request.result.createObjectStore('files', { keyPath: 'id' });
      };
      request.onerror = () => reject(request.error ?? new DOMException('IndexedDB cannot be opened', 'UnknownError'));
      request.onsuccess = () => {
        const database = request.result;
        // Another tab wants a newer version, or the browser took the database away: open again at the next call.
        database.onclose = database.onversionchange = () => {
          database.close();
          this.#opened = undefined;
        };
        resolve(database);
      };
    });
    return this.#opened;
  }
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
}

function rangeOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}

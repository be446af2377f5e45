import type { ShrinkChoice } from './shrink-plan.js';

/** A film whose smaller copy is not made yet, so that the next visit can offer it. */
export interface PendingFilm {
  readonly id: string;
  readonly place: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly path: string | undefined;
  /** Opens it again, where the browser gave one. */
  readonly handle: FileSystemFileHandle | undefined;
  /** The film itself, where it is small. */
  readonly bytes: Blob | undefined;
  readonly choice: ShrinkChoice | undefined;
  readonly addedAt: number;
}

const databaseName = 'vodrop-shrink';
const storeName = 'films';

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(storeName, { keyPath: 'id' });
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = database.onclose = () => {
        opened = undefined;
        database.close();
      };
      resolve(database);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error ?? new Error('IndexedDB cannot be opened'));
    };
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(storeName, mode);
  const request = ask(transaction.objectStore(storeName));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve(request.result);
    };
    transaction.onabort = transaction.onerror = () => {
      reject(transaction.error ?? new Error('IndexedDB refused'));
    };
  });
}

/** Resolves once it survives a crash; rejects where the browser stores nothing. */
export async function putPending(film: PendingFilm): Promise<void> {
  try {
    await run('readwrite', (store) => store.put(film));
  } catch (error) {
    // A browser may give handles and not let them be stored.
    if (!film.handle || !(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
    await run('readwrite', (store) => store.put({ ...film, handle: undefined }));
  }
}

export async function removePending(id: string): Promise<void> {
  await run('readwrite', (store) => store.delete(id));
}

export async function listPending(place: string): Promise<readonly PendingFilm[]> {
  const all = await run<PendingFilm[]>('readonly', (store) => store.getAll() as IDBRequest<PendingFilm[]>);
  return all.filter((film) => film.place === place).sort((one, other) => one.addedAt - other.addedAt);
}

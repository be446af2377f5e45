const keyPaths = { uploads: 'id', parts: ['id', 'partNumber'], files: 'id' };

/**
 * The database of the journal. It is opened while the code that reads it is loaded: in a new profile, or on a slow disk,
 * opening takes long.
 */
export class JournalDatabase {
  readonly #name: string;
  #opened: Promise<IDBDatabase> | undefined;
  /** The browser has closed it, for example because the person clears the site's data. */
  onClose: () => void = () => {};

  constructor(name = 'vodrop') {
    this.#name = name;
  }

  /** Rejects where the browser refuses it; opened again at the next call. */
  open(): Promise<IDBDatabase> {
    this.#opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(keyPaths))
          request.result.createObjectStore(name, { keyPath });
      };
      // Another tab keeps an older version open. The request has no error yet: reading it would throw.
      request.onblocked = () => reject(new DOMException('blocked', 'BlockedError'));
      request.onerror = () => reject(request.error ?? new DOMException('not opened', 'UnknownError'));
      request.onsuccess = () => {
        const database = request.result;
        // Another tab wants a newer version, or the browser took the database away.
        database.onclose = database.onversionchange = () => {
          database.close();
          this.#opened = undefined;
          this.onClose();
        };
        resolve(database);
      };
    });
    this.#opened.catch(() => (this.#opened = undefined));
    return this.#opened;
  }
}

import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { JournalEntry, JournalPart, ResumeStore } from './store.js';

interface Schema extends DBSchema {
  uploads: { key: string; value: JournalEntry };
  parts: { key: [string, number]; value: JournalPart & { id: string } };
}

/** The journal in IndexedDB. Opened on first use; every method rejects where the browser refuses it. */
export class IndexedDbResumeStore implements ResumeStore {
  readonly #name: string;
  #opened: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name = 'vodrop') {
    this.#name = name;
  }

  async load(endpoint: string, provider: string): Promise<JournalEntry[]> {
    const entries = await (await this.#open()).getAll('uploads');
    return entries.filter((entry) => entry.endpoint === endpoint && entry.provider === provider);
  }

  async parts(id: string): Promise<JournalPart[]> {
    const parts = await (await this.#open()).getAll('parts', rangeOf(id));
    return parts.map(({ partNumber, sizeBytes, md5Base64 }) => ({ partNumber, sizeBytes, md5Base64 }));
  }

  async put(entry: JournalEntry): Promise<void> {
    await (await this.#open()).put('uploads', entry);
  }

  async putPart(id: string, part: JournalPart): Promise<void> {
    await (await this.#open()).put('parts', { id, ...part });
  }

  async deletePart(id: string, partNumber: number): Promise<void> {
    await (await this.#open()).delete('parts', [id, partNumber]);
  }

  async delete(id: string): Promise<void> {
    const transaction = (await this.#open()).transaction(['uploads', 'parts'], 'readwrite');
    await Promise.all([transaction.objectStore('uploads').delete(id), transaction.objectStore('parts').delete(rangeOf(id)), transaction.done]);
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#opened ??= openDB<Schema>(this.#name, 1, {
      upgrade(database) {
        database.createObjectStore('uploads', { keyPath: 'id' });
        database.createObjectStore('parts', { keyPath: ['id', 'partNumber'] });
      },
      // Another tab wants a newer version: step aside, open again at the next call.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#opened = undefined;
      },
      terminated: () => {
        this.#opened = undefined;
      },
    });
    return this.#opened;
  }
}

function rangeOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}

import type { JournalEntry, JournalPart, JournalStore } from './store.js';
import { withoutEntry } from './without-entry.js';

/** Remembers as long as the page lives. For tests, and where there is no IndexedDB. */
export class MemoryJournalStore implements JournalStore {
  readonly #entries = new Map<string, JournalEntry>();
  readonly #parts = new Map<string, Map<number, JournalPart>>();
  readonly #files = new Map<string, Blob>();

  load(endpoint: string, provider: string): Promise<JournalEntry[]> {
    return Promise.resolve(
      [...this.#entries.values()]
        .filter((entry) => entry.endpoint === endpoint && entry.provider === provider)
        .map((entry) => ({ ...entry })),
    );
  }

  parts(id: string): Promise<JournalPart[]> {
    return Promise.resolve([...(this.#parts.get(id)?.values() ?? [])]);
  }

  put(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.id, { ...entry });
    return Promise.resolve();
  }

  putPart(id: string, part: JournalPart): Promise<void> {
    const parts = this.#parts.get(id) ?? new Map<number, JournalPart>();
    parts.set(part.partNumber, part);
    this.#parts.set(id, parts);
    return this.#entries.has(id) ? Promise.resolve() : Promise.reject(withoutEntry());
  }

  deletePart(id: string, partNumber: number): Promise<void> {
    this.#parts.get(id)?.delete(partNumber);
    return Promise.resolve();
  }

  putFile(id: string, bytes: Blob): Promise<void> {
    this.#files.set(id, bytes);
    return Promise.resolve();
  }

  file(id: string): Promise<Blob | undefined> {
    return Promise.resolve(this.#files.get(id));
  }

  delete(id: string): Promise<void> {
    this.#files.delete(id);
    this.#entries.delete(id);
    this.#parts.delete(id);
    return Promise.resolve();
  }
}

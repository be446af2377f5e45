import type { JournalEntry, JournalPart, ResumeStore } from './store.js';

/** Kept files together: a courtesy, not a second disk. */
const maxKeptBytes = 200_000_000;

/**
 * The journal as the engine uses it: never fails. Where the store refuses (private window, disk full), uploads go on
 * and `isWorking` says that they cannot go on after a reload.
 */
export class Journal {
  readonly #store: ResumeStore;
  readonly #onBroken: () => void;
  /** Of small files kept by this page. */
  readonly #keptBytes = new Map<string, number>();
  #isWorking = true;

  constructor(store: ResumeStore, onBroken: () => void) {
    this.#store = store;
    this.#onBroken = onBroken;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  async load(endpoint: string, provider: string): Promise<JournalEntry[]> {
    return (await this.#try(() => this.#store.load(endpoint, provider))) ?? [];
  }

  async parts(id: string): Promise<JournalPart[]> {
    return (await this.#try(() => this.#store.parts(id))) ?? [];
  }

  async put(entry: JournalEntry): Promise<void> {
    await this.#try(() => this.#store.put(entry));
  }

  async putPart(id: string, part: JournalPart): Promise<void> {
    await this.#try(() => this.#store.putPart(id, part));
  }

  async deletePart(id: string, partNumber: number): Promise<void> {
    await this.#try(() => this.#store.deletePart(id, partNumber));
  }

  /** Refused more often than anything else (no room, no Blobs in this browser), and costs only this one comfort. */
  async putFile(id: string, bytes: Blob): Promise<void> {
    const total = [...this.#keptBytes.values()].reduce((sum, size) => sum + size, bytes.size);
    if (total > maxKeptBytes) return;
    this.#keptBytes.set(id, bytes.size);
    await this.#store.putFile(id, bytes).catch(() => this.#keptBytes.delete(id));
  }

  async file(id: string): Promise<Blob | undefined> {
    return this.#store.file(id).catch(() => undefined);
  }

  async delete(id: string): Promise<void> {
    this.#keptBytes.delete(id);
    await this.#try(() => this.#store.delete(id));
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch {
      // Whatever the reason, the consequence is the same and is told once; the upload itself is not in danger.
      if (this.#isWorking) {
        this.#isWorking = false;
        this.#onBroken();
      }
      return undefined;
    }
  }
}

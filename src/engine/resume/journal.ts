import type { JournalEntry, JournalPart, JournalStore } from './store.js';

/** All kept files together: they are a convenience and must not fill the disk. */
const maxKeptBytes = 200_000_000;

/** Whose uploads a journal is about; one uploader never sees the entries of another place. */
export type UploadPlace = Pick<JournalEntry, 'endpoint' | 'provider'>;

/** WebKit can leave a request without an answer; after this long, uploads go on without the store. */
const patienceMs = 10_000;

/**
 * The journal as the engine uses it: never fails. Where the store refuses (private window, disk full), uploads go on
 * and `isWorking` says that they cannot go on after a reload.
 */
export class Journal {
  readonly #store: JournalStore;
  readonly #place: UploadPlace;
  readonly #onBroken: () => void;
  /** Of small files kept by this page. */
  readonly #keptBytes = new Map<string, number>();
  #isWorking = true;

  constructor(store: JournalStore, place: UploadPlace, onBroken: () => void) {
    this.#store = store;
    this.#place = place;
    this.#onBroken = onBroken;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** All entries of this uploader's endpoint and provider. */
  async load(): Promise<JournalEntry[]> {
    const { endpoint, provider } = this.#place;
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

  /** Refused more often than other writes (no room, no Blobs in this browser); then only this convenience is lost. */
  async putFile(id: string, bytes: Blob): Promise<void> {
    const total = [...this.#keptBytes.values()].reduce((sum, size) => sum + size, bytes.size);
    if (total > maxKeptBytes) return;
    this.#keptBytes.set(id, bytes.size);
    await withinPatience(this.#store.putFile(id, bytes)).catch(() => this.#keptBytes.delete(id));
  }

  async file(id: string): Promise<Blob | undefined> {
    return withinPatience(this.#store.file(id)).catch(() => undefined);
  }

  async delete(id: string): Promise<void> {
    this.#keptBytes.delete(id);
    await this.#try(() => this.#store.delete(id));
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await withinPatience(work());
    } catch {
      // Uploads go on without a journal; `onBroken` is called once.
      if (this.#isWorking) {
        this.#isWorking = false;
        this.#onBroken();
      }
      return undefined;
    }
  }
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DOMException('the store does not answer', 'TimeoutError')),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

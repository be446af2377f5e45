import { protocolVersion, type UploadPlace } from '../place.js';
import type { JournalEntry, JournalPart, JournalStore } from './store.js';

/** All kept files together: they are a convenience and must not fill the disk. */
const maxKeptBytes = 200_000_000;

/**
 * WebKit can leave a request without an answer (https://bugs.webkit.org/show_bug.cgi?id=226547, and 315804 where
 * another process is suspended); after this long, uploads go on without the store.
 */
const patienceMs = 10_000;

/**
 * The journal as the engine uses it: never fails. Where the store refuses (private window, disk full), uploads go on
 * and `isWorking` says whether they can go on after a reload.
 */
export class Journal {
  readonly #store: JournalStore;
  readonly #place: UploadPlace;
  readonly #onChange: () => void;
  /** Of small files kept by this page. */
  readonly #keptBytes = new Map<string, number>();
  #isWorking = true;
  #reading: Promise<JournalEntry[] | undefined> | undefined;

  constructor(store: JournalStore, place: UploadPlace, onChange: () => void) {
    this.#store = store;
    this.#place = place;
    this.#onChange = onChange;
  }

  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** All entries of this uploader's place that this build can read. Those of a later build are left alone. */
  async load(): Promise<JournalEntry[]> {
    return (await this.#load()) ?? [];
  }

  /**
   * The entry as it is now: another tab may have written it since it was listed. `gone` when it is no longer there;
   * `undefined` when the store does not answer.
   */
  async get(id: string): Promise<JournalEntry | 'gone' | undefined> {
    const entries = await this.#load();
    return entries && (entries.find((entry) => entry.id === id) ?? 'gone');
  }

  async parts(id: string): Promise<JournalPart[]> {
    return (await this.#try(() => this.#store.parts(id))) ?? [];
  }

  /** Written as an entry of this place. */
  async put(entry: JournalEntry): Promise<void> {
    await this.#try(() => this.#store.put({ ...entry, ...this.#place, version: protocolVersion }));
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

  /** Whether the bytes are in it, or on their way there. */
  keepsFile(id: string): boolean {
    return this.#keptBytes.has(id);
  }

  async file(id: string): Promise<Blob | undefined> {
    return withinPatience(this.#store.file(id)).catch(() => undefined);
  }

  /** Answers whether it is gone. */
  async delete(id: string): Promise<boolean> {
    this.#keptBytes.delete(id);
    return (await this.#try(() => this.#store.delete(id).then(() => true))) ?? false;
  }

  /** Ids of all entries of this place; `undefined` when the store does not answer. */
  async ids(): Promise<ReadonlySet<string> | undefined> {
    const entries = await this.#load();
    return entries && new Set(entries.map(({ id }) => id));
  }

  /** Calls of one turn share a reading, which begins after all of them. */
  #load(): Promise<JournalEntry[] | undefined> {
    const { endpoint, provider } = this.#place;
    this.#reading ??= Promise.resolve().then(() => {
      this.#reading = undefined;
      return this.#try(async () =>
        (await this.#store.load(endpoint, provider)).filter((entry) => this.#isReadable(entry)),
      );
    });
    return this.#reading;
  }

  #isReadable({ version = protocolVersion, scope = '', id, ticket, transfer }: JournalEntry): boolean {
    return (
      version <= protocolVersion &&
      scope === this.#place.scope &&
      typeof id === 'string' &&
      typeof ticket === 'string' &&
      typeof transfer === 'object'
    );
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await withinPatience(work());
      this.#setWorking(true);
      return answer;
    } catch {
      // Uploads go on without a journal.
      this.#setWorking(false);
      return undefined;
    }
  }

  #setWorking(isWorking: boolean): void {
    if (this.#isWorking === isWorking) return;
    this.#isWorking = isWorking;
    this.#onChange();
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

import { protocolVersion, type UploadPlace } from '../place.js';
import { withinPatience } from '../retry/within-patience.js';
import type { JournalEntry, JournalPart, JournalStore } from './store.js';

/** All kept files together: they are a convenience and must not fill the disk. */
const maxKeptBytes = 200_000_000;

export interface JournalObserver {
  /** What may be said of this upload, or of all, has changed. */
  onChange(id?: string): void;
  /** The journal lacks something that it was told to keep, or may have been cleared. */
  onLack(): void;
}

/**
 * The journal as the engine uses it: never fails. Where the store refuses (private window, disk full) or does not
 * answer, uploads go on and `isWorking` says whether they can go on after a reload.
 */
export class Journal {
  readonly #store: JournalStore;
  readonly #place: UploadPlace;
  readonly #observer: JournalObserver;
  /** Of small files kept by this page, or on their way there. */
  readonly #keptBytes = new Map<string, { readonly sizeBytes: number; isWritten: boolean }>();
  #keptInAll = 0;
  /** Uploads of this page of which something was refused or cleared. */
  readonly #lacking = new Set<string>();
  #isAnswering = true;
  #reading: Promise<JournalEntry[] | undefined> | undefined;

  constructor(store: JournalStore, place: UploadPlace, observer: JournalObserver) {
    this.#store = store;
    this.#place = place;
    this.#observer = observer;
  }

  /** All of it that uploads have stored is known here. */
  get isWorking(): boolean {
    return this.#isAnswering && this.#lacking.size === 0;
  }

  /** Whether an upload could go on from here after a reload. */
  has(id: string): boolean {
    return this.#isAnswering && !this.#lacking.has(id);
  }

  /** The entry, or a part, of this upload is not there. */
  lack(id: string): void {
    this.#unkeep(id);
    if (this.#lacking.has(id)) return;
    this.#lacking.add(id);
    this.#observer.onChange(id);
    this.#observer.onLack();
  }

  /** Everything of this upload is written, or nothing of it needs to be. */
  settle(id: string): void {
    if (this.#lacking.delete(id)) this.#observer.onChange(id);
  }

  /** The uploads of this page that may lack something. */
  settleAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.#lacking) if (!ids.has(id)) this.settle(id);
  }

  /** All entries of this uploader's place that this build can read. Those of a later build are left alone. */
  async load(): Promise<JournalEntry[]> {
    return (await this.#load()) ?? [];
  }

  /** The same; `undefined` when the store does not answer. */
  loadNow(): Promise<JournalEntry[] | undefined> {
    return this.#load();
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

  /** Written as an entry of this place. Answers whether it is. */
  async put(entry: JournalEntry): Promise<boolean> {
    const isWritten = await this.#write(() =>
      this.#store.put({ ...entry, ...this.#place, version: protocolVersion }),
    );
    // What is given up, or has ended, does not go on.
    if (!isWritten && entry.phase !== 'discarding' && entry.phase !== 'ended') this.lack(entry.id);
    return isWritten;
  }

  async putPart(id: string, part: JournalPart): Promise<boolean> {
    const isWritten = await this.#write(() => this.#store.putPart(id, part));
    if (!isWritten) this.lack(id);
    return isWritten;
  }

  async deletePart(id: string, partNumber: number): Promise<void> {
    await this.#try(() => this.#store.deletePart(id, partNumber));
  }

  /** Refused more often than other writes (no room, no Blobs in this browser); then only this convenience is lost. */
  async putFile(id: string, bytes: Blob): Promise<void> {
    if (this.#keptInAll + bytes.size > maxKeptBytes) return;
    this.#unkeep(id);
    const kept = { sizeBytes: bytes.size, isWritten: false };
    this.#keptBytes.set(id, kept);
    this.#keptInAll += bytes.size;
    try {
      await withinPatience(this.#store.putFile(id, bytes));
      kept.isWritten = true;
      this.#observer.onChange(id);
    } catch {
      if (this.#keptBytes.get(id) === kept) this.#unkeep(id);
    }
  }

  /** Whether the bytes are in it. */
  keepsFile(id: string): boolean {
    return this.#keptBytes.get(id)?.isWritten === true;
  }

  async file(id: string): Promise<Blob | undefined> {
    return withinPatience(this.#store.file(id)).catch(() => undefined);
  }

  /** Answers whether it is gone. */
  async delete(id: string): Promise<boolean> {
    this.#unkeep(id);
    this.settle(id);
    return this.#write(() => this.#store.delete(id));
  }

  /** Ids of all entries of this place; `undefined` when the store does not answer. */
  async ids(): Promise<ReadonlySet<string> | undefined> {
    const entries = await this.#load();
    return entries && new Set(entries.map(({ id }) => id));
  }

  #unkeep(id: string): void {
    this.#keptInAll -= this.#keptBytes.get(id)?.sizeBytes ?? 0;
    this.#keptBytes.delete(id);
  }

  /** Calls of one turn share a reading, which begins after all of them. */
  #load(): Promise<JournalEntry[] | undefined> {
    const { endpoint, provider } = this.#place;
    this.#reading ??= Promise.resolve().then(() => {
      this.#reading = undefined;
      return this.#try(async () => {
        // Here, because its code is loaded with the first reading.
        void this.#store.watch?.(() => this.#observer.onLack())?.catch(() => {});
        return (await this.#store.load(endpoint, provider)).filter((entry) => this.#isReadable(entry));
      });
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

  /** Answers whether it is done. */
  async #write(work: () => Promise<void>): Promise<boolean> {
    return (await this.#try(() => work().then(() => true))) ?? false;
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await withinPatience(work());
      this.#setAnswering(true);
      return answer;
    } catch {
      // Uploads go on without a journal.
      this.#setAnswering(false);
      return undefined;
    }
  }

  #setAnswering(isAnswering: boolean): void {
    if (this.#isAnswering === isAnswering) return;
    this.#isAnswering = isAnswering;
    this.#observer.onChange();
  }
}

import type { Clock } from '../retry/clock.js';
import type { UnfinishedUpload } from '../types.js';
import type { Journal } from './journal.js';
import type { JournalEntry, JournalPart } from './store.js';

/** Tickets live about a week by default; an entry that has not moved for longer has nothing to go on with. */
const maxAgeMs = 7 * 24 * 3_600_000;

/** The uploads of earlier visits: those that wait for their file, and those that go on without it. */
export class Shelf {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #entries = new Map<string, { entry: JournalEntry; storedBytes: number }>();
  #unfinished: readonly UnfinishedUpload[] | undefined;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** For display; the same reference until it changes. Latest first. */
  get unfinished(): readonly UnfinishedUpload[] {
    this.#unfinished ??= [...this.#entries.values()]
      .map(({ entry: { id, fileName, sizeBytes, updatedAt }, storedBytes }) => ({ id, fileName, sizeBytes, storedBytes, updatedAt }))
      .sort((a, b) => b.updatedAt - a.updatedAt);
    return this.#unfinished;
  }

  /** Fills the shelf; answers the entries that need no file any more. */
  async load(endpoint: string, provider: string): Promise<{ entry: JournalEntry; parts: JournalPart[] }[]> {
    const goingOn: { entry: JournalEntry; parts: JournalPart[] }[] = [];
    for (const entry of await this.#journal.load(endpoint, provider)) {
      if (this.#clock.now() - entry.updatedAt > maxAgeMs) {
        await this.#journal.delete(entry.id);
        continue;
      }
      const parts = await this.#journal.parts(entry.id);
      const storedBytes = Math.min(entry.sizeBytes, parts.reduce((sum, part) => sum + part.sizeBytes, 0));
      const isWhole = storedBytes === entry.sizeBytes;
      if (entry.phase === 'processing' || (entry.phase === 'finishing' && isWhole)) goingOn.push({ entry, parts });
      else this.#set(entry, storedBytes);
    }
    return goingOn.sort((a, b) => a.entry.addedAt - b.entry.addedAt);
  }

  /** The entry of a file with this content, taken off the shelf: no second upload can go on with it. */
  claim(fingerprint: string): JournalEntry | undefined {
    const found = [...this.#entries.values()].find(({ entry }) => entry.fingerprint === fingerprint)?.entry;
    return found && this.take(found.id);
  }

  unclaim(entry: JournalEntry): void {
    void this.#journal.parts(entry.id).then((parts) => this.#set(entry, parts.reduce((sum, part) => sum + part.sizeBytes, 0)));
  }

  take(id: string): JournalEntry | undefined {
    const entry = this.#entries.get(id)?.entry;
    this.#entries.delete(id);
    this.#unfinished = undefined;
    return entry;
  }

  #set(entry: JournalEntry, storedBytes: number): void {
    this.#entries.set(entry.id, { entry, storedBytes });
    this.#unfinished = undefined;
  }
}

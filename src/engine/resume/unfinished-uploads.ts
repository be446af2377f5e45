import type { Clock } from '../retry/clock.js';
import type { UnfinishedUpload } from '../types.js';
import type { Journal } from './journal.js';
import type { JournalEntry, JournalPart } from './store.js';

/** Tickets live a week by default: late enough for a holiday, early enough that the abort is still let through. */
const defaultAbandonAfterMs = 6 * 24 * 3_600_000;

interface Unfinished {
  readonly entry: JournalEntry;
  readonly storedBytes: number;
  /** Numbers of the parts that the store had acknowledged. */
  readonly stored: ReadonlySet<number>;
  readonly wrongFileName?: string;
}

/** An entry of the journal with the parts that the store acknowledged. */
export interface EntryWithParts {
  readonly entry: JournalEntry;
  readonly parts: readonly JournalPart[];
}

/** What an earlier visit left, by what it takes to resume it. */
export interface Restored {
  /** Every byte is at the store: only calls are left. */
  readonly whole: EntryWithParts[];
  /** The bytes themselves were kept. */
  readonly kept: (EntryWithParts & { readonly file: File })[];
  /** Given up, or abandoned: to be discarded. */
  readonly dead: { readonly entry: JournalEntry }[];
  /** Keys of uploads that another tab owns. */
  readonly elsewhere: string[];
  /** Keys of uploads that have no row here, and of which the host has not been told everything. */
  readonly untold: string[];
}

/** Of events that the host was not told, those of so many uploads are kept, the newest. */
const maxUntold = 200;

/** The uploads of earlier visits that wait for their file. */
export class UnfinishedUploads {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #abandonAfterMs: number;
  readonly #entries = new Map<string, Unfinished>();
  #list: readonly UnfinishedUpload[] | undefined;

  constructor(journal: Journal, clock: Clock, abandonAfterMs = defaultAbandonAfterMs) {
    this.#journal = journal;
    this.#clock = clock;
    this.#abandonAfterMs = abandonAfterMs;
  }

  /** For display; the same reference until it changes. Latest first. */
  get list(): readonly UnfinishedUpload[] {
    this.#list ??= [...this.#entries.values()]
      .map(({ entry: { id, fileName, path, sizeBytes, updatedAt, handle }, storedBytes, wrongFileName }) => ({
        id,
        fileName,
        path,
        sizeBytes,
        storedBytes,
        updatedAt,
        canContinue: handle !== undefined,
        wrongFileName,
      }))
      .sort((a, b) => b.updatedAt - a.updatedAt);
    return this.#list;
  }

  get entries(): readonly JournalEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  /** Fills the list; answers what can go on at once, and what another tab is busy with. */
  async load(locked: ReadonlySet<string>): Promise<Restored> {
    const restored: Restored = { whole: [], kept: [], dead: [], elsewhere: [], untold: [] };
    const entries = (await this.#journal.load()).sort((a, b) => a.addedAt - b.addedAt);
    const surplus = surplusOf(entries);
    for (const entry of entries) {
      if (locked.has(entry.id)) {
        restored.elsewhere.push(entry.id);
        continue;
      }
      if (entry.phase === 'ended') {
        if (this.#clock.now() - entry.updatedAt > this.#abandonAfterMs || surplus.has(entry))
          await this.#journal.delete(entry.id);
        else restored.untold.push(entry.id);
        continue;
      }
      const isOld = this.#clock.now() - entry.updatedAt > this.#abandonAfterMs;
      if (entry.phase === 'discarding' || (isOld && entry.phase === 'uploading')) {
        restored.dead.push({ entry });
        continue;
      }
      if (isOld) {
        // The cloud had all of it, so there is nothing to undo.
        await this.#journal.delete(entry.id);
        continue;
      }
      const parts = await this.#journal.parts(entry.id);
      if (isStoredWhole(entry, parts)) {
        restored.whole.push({ entry, parts });
        continue;
      }
      const bytes = await this.#journal.file(entry.id);
      if (bytes) {
        const file = new File([bytes], entry.fileName, { type: entry.contentType });
        restored.kept.push({ entry, parts, file });
        continue;
      }
      this.add(entry, parts);
      if (entry.untold) restored.untold.push(entry.id);
    }
    return restored;
  }

  add(entry: JournalEntry, parts: readonly JournalPart[]): void {
    const stored = new Set(parts.map(({ partNumber }) => partNumber));
    this.#set({ entry, storedBytes: storedBytesOf(parts), stored });
  }

  get(id: string): JournalEntry | undefined {
    return this.#entries.get(id)?.entry;
  }

  /** Numbers of the parts that were stored when it was put on the list. */
  storedParts(id: string): ReadonlySet<number> {
    return this.#entries.get(id)?.stored ?? new Set();
  }

  /** The one with this content. */
  find(fingerprint: string): JournalEntry | undefined {
    return this.entries.find((entry) => entry.fingerprint === fingerprint);
  }

  /** Off the list, so that nothing else can act on it. */
  take(id: string): JournalEntry | undefined {
    const entry = this.#entries.get(id)?.entry;
    this.#entries.delete(id);
    this.#list = undefined;
    return entry;
  }

  /** A file was given for it whose content differs. */
  markWrongFile(id: string, wrongFileName: string): void {
    const one = this.#entries.get(id);
    if (one) this.#set({ ...one, wrongFileName });
  }

  #set(one: Unfinished): void {
    this.#entries.set(one.entry.id, one);
    this.#list = undefined;
  }
}

/** The ended uploads beyond the newest that are kept. */
function surplusOf(entries: readonly JournalEntry[]): ReadonlySet<JournalEntry> {
  const ended = entries.filter(({ phase }) => phase === 'ended');
  return new Set(ended.sort((a, b) => b.updatedAt - a.updatedAt).slice(maxUntold));
}

/** Every byte is at the store: only calls are left, and no file is needed. */
export function isStoredWhole(entry: JournalEntry, parts: readonly JournalPart[]): boolean {
  return (
    entry.phase === 'processing' || (entry.phase === 'finishing' && storedBytesOf(parts) >= entry.sizeBytes)
  );
}

export function storedBytesOf(parts: readonly Pick<JournalPart, 'sizeBytes'>[]): number {
  return parts.reduce((total, part) => total + part.sizeBytes, 0);
}

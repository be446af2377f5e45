import { EndpointCallError } from '../endpoint/call-error.js';
import type { EndpointClient } from '../endpoint/types.js';
import type { UploadLocks } from '../tabs/upload-locks.js';
import type { Journal } from './journal.js';
import type { JournalEntry, JournalPart } from './store.js';
import { isStoredWhole, type Restored, type UnfinishedUploads } from './unfinished-uploads.js';

export interface ResumptionOptions {
  readonly unfinished: UnfinishedUploads;
  readonly journal: Journal;
  readonly locks: UploadLocks;
  readonly client: EndpointClient;
  /** The list of unfinished uploads has changed. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** Who goes on with an upload of an earlier visit, and what becomes of one that is given up. */
export class Resumption {
  readonly #options: ResumptionOptions;

  constructor(options: ResumptionOptions) {
    this.#options = options;
  }

  /** Whether any upload of an earlier visit waits for its file. */
  get hasUnfinished(): boolean {
    return this.#options.unfinished.list.length > 0;
  }

  /** The unfinished upload whose content this is, if any. No other upload, in any tab, can claim it afterwards. */
  async claim(print: string): Promise<JournalEntry | undefined> {
    const { unfinished, locks, onChange } = this.#options;
    const entry = unfinished.claim(print);
    if (!entry) return undefined;
    onChange();
    return (await locks.own(entry.id)) ? entry : undefined;
  }

  /** The claimed entry is not of this file after all, or cannot go on now. */
  async unclaim(entry: JournalEntry): Promise<void> {
    const { unfinished, journal, onChange } = this.#options;
    unfinished.add(entry, await journal.parts(entry.id));
    onChange();
  }

  /** An upload restored without its file needs it after all: it becomes an unfinished upload again. */
  async putBack(entry: JournalEntry): Promise<void> {
    this.#options.locks.disown(entry.id);
    await this.unclaim(entry);
  }

  /** Reads the journal: what this tab may go on with, and what other tabs are busy with. Discards what is given up. */
  async restore(): Promise<Pick<Restored, 'whole' | 'kept' | 'elsewhere'>> {
    const { unfinished, locks, signal } = this.#options;
    // Locks refused (a sandboxed frame, for example): this tab is alone.
    const locked = await locks.lockedKeys().catch(() => new Set<string>());
    const { whole, kept, dead, elsewhere } = await unfinished.load(locked);
    if (signal.aborted) return { whole: [], kept: [], elsewhere: [] };
    const owned = async <T extends { entry: JournalEntry }>(all: readonly T[]) => {
      const isOwned = await Promise.all(all.map(({ entry }) => locks.own(entry.id)));
      return all.filter((_, index) => isOwned[index]);
    };
    const restored = { whole: await owned(whole), kept: await owned(kept), elsewhere };
    for (const { entry } of await owned(dead)) void this.discard(entry);
    return restored;
  }

  /** False when every byte is at the store; else the upload waits for its file, which any tab may be given. */
  offer(entry: JournalEntry, parts: readonly JournalPart[]): boolean {
    if (isStoredWhole(entry, parts)) return false;
    this.#options.unfinished.add(entry, parts);
    return true;
  }

  /**
   * Discards what an upload of an earlier visit has at the store, and tells the media service. Never rejects: what
   * fails now is repeated on the next visit.
   */
  async discard(entry: JournalEntry): Promise<void> {
    const { journal, client, locks } = this.#options;
    await journal.put({ ...entry, phase: 'discarding' });
    try {
      await client.finish({ ticket: entry.ticket, status: 'canceled' });
      await journal.delete(entry.id);
    } catch (error) {
      // Refused for good: it is gone already, or out of reach.
      if (error instanceof EndpointCallError && !error.isTransient) await journal.delete(entry.id);
    }
    locks.disown(entry.id);
  }
}

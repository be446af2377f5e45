import type { DiscardOutcome } from '../effects/discard-entry.js';
import type { DiscardOptions } from '../effects/find-asked.js';
import type { UploadLocks } from '../tabs/upload-locks.js';
import type { Journal } from './journal.js';
import type { JournalEntry, JournalPart } from './store.js';
import {
  type EntryWithParts,
  isStoredWhole,
  type Restored,
  type UnfinishedUploads,
} from './unfinished-uploads.js';

export interface ResumptionOptions extends DiscardOptions {
  readonly unfinished: UnfinishedUploads;
  readonly journal: Journal;
  readonly locks: UploadLocks;
  /** Loads what tells store and service that an upload is given up, and what resumes one. */
  readonly loadEarlier: () => Promise<{
    readonly discardEntry: (entry: JournalEntry, ports: DiscardOptions) => Promise<DiscardOutcome>;
  }>;
  /** A discarded upload turned out to be stored: it becomes a row. */
  readonly onTooLate: (
    entry: JournalEntry & { readonly isTooLateToCancel: boolean },
    parts: readonly JournalPart[],
  ) => Promise<void>;
  /** The list of unfinished uploads has changed. */
  readonly onChange: () => void;
  /** An upload does not go on here after all; called before its lock is released. */
  readonly onPutBack: (id: string) => void;
}

/** What became of the wish to act on an unfinished upload. */
export type Claim =
  /** Its lock is ours, and it waits for its file. */
  | ({ readonly outcome: 'ours' } & EntryWithParts)
  /** Its lock is ours; meanwhile another tab has stored all of it. */
  | ({ readonly outcome: 'whole' } & EntryWithParts)
  | { readonly outcome: 'elsewhere' }
  /** It has ended in another tab. */
  | { readonly outcome: 'gone' };

/**
 * Who goes on with an upload of an earlier visit, and what becomes of one that is given up. Nothing acts on an entry of
 * the journal without its lock, and the entry is read again once the lock is ours.
 */
export class Resumption {
  readonly #options: ResumptionOptions;

  constructor(options: ResumptionOptions) {
    this.#options = options;
  }

  /** Takes an upload off the list, at once, and then its lock. */
  async claim(id: string): Promise<Claim> {
    const { unfinished, onChange } = this.#options;
    const known = unfinished.take(id);
    if (!known) return { outcome: 'gone' };
    onChange();
    return this.#lock(known);
  }

  /** Takes the lock of an upload that has just begun. Only its own tab knows it, so this fails in no browser. */
  async own(id: string): Promise<void> {
    await this.#options.locks.own(id);
  }

  /** Claimed, but it cannot go on with this file, or not now: offered again, in every tab. */
  async putBack(entry: JournalEntry): Promise<void> {
    const { unfinished, journal, onChange } = this.#options;
    this.#release(entry.id);
    unfinished.add(entry, await journal.parts(entry.id));
    onChange();
  }

  /** The endpoint says that it is another person's: it stays in the journal as it is, and is not offered here again. */
  leave({ id }: JournalEntry): void {
    this.#release(id);
  }

  /** Reads the journal: what this tab may go on with, and what other tabs are busy with. Discards what is given up. */
  async restore(): Promise<Omit<Restored, 'dead'>> {
    const { unfinished, locks, signal } = this.#options;
    const { whole, kept, dead, elsewhere, untold } = await unfinished.load(await locks.lockedKeys());
    if (signal.aborted) return { whole: [], kept: [], elsewhere: [], untold: [] };
    const owned = async <T extends { entry: JournalEntry }>(all: readonly T[]) => {
      const isOwned = await Promise.all(all.map(({ entry }) => locks.own(entry.id)));
      elsewhere.push(...all.filter((_, index) => !isOwned[index]).map(({ entry }) => entry.id));
      return this.#unchanged(all.filter((_, index) => isOwned[index]));
    };
    for (const { entry } of await owned(dead)) void this.#discard(entry, entry.phase === 'discarding');
    const restored = { whole: await owned(whole), kept: await owned(kept), elsewhere, untold };
    // A file that is chosen for one of them does not wait for code.
    if (unfinished.list.length + restored.kept.length > 0) this.#options.loadEarlier().catch(() => {});
    return restored;
  }

  /** Without those that another tab has written or ended between our reading and our lock; the next visit sees to them. */
  async #unchanged<T extends { entry: JournalEntry }>(all: readonly T[]): Promise<T[]> {
    const { journal, locks } = this.#options;
    if (all.length === 0) return [];
    const loaded = await journal.loadNow();
    const now = new Map(loaded?.map((entry) => [entry.id, entry]));
    return all.filter(({ entry }) => {
      const latest = now.get(entry.id);
      const isUnchanged = !loaded || (latest?.phase === entry.phase && latest.updatedAt === entry.updatedAt);
      if (!isUnchanged) locks.disown(entry.id);
      return isUnchanged;
    });
  }

  /** The person gives it up. Does nothing to an upload that another tab goes on with, or has ended. */
  async discard(id: string): Promise<Claim> {
    const claim = await this.claim(id);
    if (claim.outcome === 'ours') void this.#discard(claim.entry, true);
    return claim;
  }

  /** Another tab had given it up, and is gone. Its lock is ours. Answers whether nothing of it is left. */
  discardOrphan(entry: JournalEntry): Promise<boolean> {
    return this.#discard(entry, true);
  }

  /**
   * Cards that other tabs go on with, or have ended, disappear, also where their messages were lost. Answers the ids
   * that other tabs go on with.
   */
  async refresh(): Promise<readonly string[]> {
    const { unfinished, locks, journal, onChange } = this.#options;
    const locked = await locks.lockedKeys();
    const ids = await journal.ids();
    const isGone = ({ id }: JournalEntry) => ids?.has(id) === false;
    const stale = unfinished.entries.filter((entry) => locked.has(entry.id) || isGone(entry));
    for (const { id } of stale) unfinished.take(id);
    if (stale.length > 0) onChange();
    return stale.map(({ id }) => id).filter((id) => locked.has(id));
  }

  async #lock(known: JournalEntry): Promise<Claim> {
    const { locks, journal } = this.#options;
    const { id } = known;
    if (!(await locks.own(id))) return { outcome: 'elsewhere' };
    const now = await journal.get(id);
    if (now === 'gone' || now?.phase === 'ended') {
      locks.disown(id);
      return { outcome: 'gone' };
    }
    if (now?.phase === 'discarding') {
      void this.discardOrphan(now);
      return { outcome: 'gone' };
    }
    const entry = now ?? known;
    const parts = await journal.parts(id);
    return { outcome: isStoredWhole(entry, parts) ? 'whole' : 'ours', entry, parts };
  }

  #release(id: string): void {
    this.#options.onPutBack(id);
    this.#options.locks.disown(id);
  }

  /**
   * Discards what an upload of an earlier visit has at the store, and tells the media service. Never rejects: what
   * cannot be done now is repeated on the next visit. What the person has not given up is not noted as given up: it
   * may turn out to be another person's.
   */
  async #discard(entry: JournalEntry, isGivenUp: boolean): Promise<boolean> {
    const { journal, locks, loadEarlier } = this.#options;
    if (isGivenUp) await journal.put({ ...entry, phase: 'discarding' });
    // Not now where its code cannot be loaded.
    const outcome = await loadEarlier().then(
      ({ discardEntry }) => discardEntry(entry, this.#options),
      () => 'not-now' as const,
    );
    const goesOn = typeof outcome === 'object';
    if (goesOn && (await this.#takeBack(outcome))) return false;
    // Of another person, or of one who may sign in by the next visit: as it was.
    if (outcome === 'not-ours' && isGivenUp) await journal.put(entry);
    if (outcome === 'done' || goesOn) await journal.delete(entry.id);
    locks.disown(entry.id);
    return outcome === 'done';
  }

  /**
   * It was given up when its completion was under way, which has gone through, or it is an import that the cloud has
   * begun: it is restored, and goes on. Where the journal lacks parts the completion cannot be repeated, and is known to
   * have gone through all the same; only media without an id yet cannot be shown then.
   */
  async #takeBack({ asked, ...entry }: JournalEntry): Promise<boolean> {
    const { journal, onTooLate } = this.#options;
    const parts = await journal.parts(entry.id);
    const finishing: JournalEntry = { ...entry, phase: 'finishing' };
    const isWhole = isStoredWhole(finishing, parts);
    if (!isWhole && (entry.phase !== 'finishing' || entry.mediaId === undefined)) return false;
    const restored: JournalEntry = isWhole ? finishing : { ...entry, phase: 'processing' };
    // Without the note of the call, which is answered: a cancel from now on is the person's.
    await journal.put(restored);
    // An import that was not given up goes on as it would have.
    await onTooLate({ ...restored, isTooLateToCancel: asked?.isCanceled ?? true }, parts);
    return true;
  }
}

import type { Clock } from '../retry/clock.js';
import type { ActiveSession } from '../session.js';
import type { Journal } from './journal.js';
import type { JournalEntry, JournalPart } from './store.js';

/** What the journal has of one upload. */
export class UploadRecord {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #ownId: string;
  #key: string | undefined;
  #entry: JournalEntry | undefined;

  constructor(journal: Journal, clock: Clock, id: string) {
    this.#journal = journal;
    this.#clock = clock;
    this.#ownId = id;
  }

  /** Its id in the journal and among the tabs, once there is something to resume; further attempts keep it. */
  get key(): string | undefined {
    return this.#key;
  }

  /** An upload that goes on from an earlier visit keeps the id of that visit. */
  get id(): string {
    return this.#key ?? this.#ownId;
  }

  get entry(): JournalEntry | undefined {
    return this.#entry;
  }

  /** The record is in the journal already, from `prepare` or from an earlier visit. */
  adopt(entry: JournalEntry): void {
    this.#entry = entry;
    this.#key = entry.id;
  }

  /** Another session has taken the place of the one recorded: nothing that was stored is of use. */
  async replace({ transfer, progress }: ActiveSession): Promise<void> {
    await this.#journal.delete(this.id);
    if (this.#entry) this.#entry = { ...this.#entry, transfer, partSizeBytes: progress.plan.partSizeBytes };
  }

  /** Without a phase: the one it is in. */
  async write(session: ActiveSession | undefined, phase = this.#entry?.phase): Promise<void> {
    if (!this.#entry || !session || !phase) return;
    const { ticket, mediaId } = session;
    this.#entry = { ...this.#entry, phase, ticket, mediaId, updatedAt: this.#clock.now() };
    await this.#journal.put(this.#entry);
  }

  async putPart(part: JournalPart): Promise<void> {
    await this.#journal.putPart(this.id, part);
  }

  async deletePart(partNumber: number): Promise<void> {
    await this.#journal.deletePart(this.id, partNumber);
  }

  /** Nothing is left to resume. */
  async delete(): Promise<void> {
    await this.#journal.delete(this.id);
  }

  /** The next attempt writes a record of its own. */
  close(): void {
    this.#entry = undefined;
  }
}

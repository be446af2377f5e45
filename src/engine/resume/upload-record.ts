import type { MediaUpdate } from '../../protocol/index.js';
import type { Clock } from '../retry/clock.js';
import type { ActiveSession } from '../session.js';
import type { Receipt } from '../types.js';
import type { Journal } from './journal.js';
import type { JournalAttachment, JournalEntry, JournalPart, UntoldEvent } from './store.js';

/** How often a stored part renews the date of the entry, by which its age counts. */
const renewIntervalMs = 10_000;

/** How long to wait after a deletion that failed. */
const deleteDelaysMs = [1000, 5000, 30_000];

/** What else is written with an entry. */
export interface RecordedState {
  readonly phase?: JournalEntry['phase'] | undefined;
  readonly isPaused?: boolean | undefined;
  readonly receipt?: Receipt | undefined;
}

/** What the journal has of one upload. */
export class UploadRecord {
  readonly #journal: Journal;
  readonly #clock: Clock;
  #ownId: string;
  #key: string | undefined;
  #entry: JournalEntry | undefined;
  #untold: readonly UntoldEvent[] = [];
  #isToBeDiscarded = false;

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

  /** What the host has not been told of. */
  get untold(): readonly UntoldEvent[] {
    return this.#untold;
  }

  /** It says that store and service have to be told that the upload was given up. */
  get isToBeDiscarded(): boolean {
    return this.#isToBeDiscarded;
  }

  /** The record is in the journal already, from `prepare` or from an earlier visit. */
  adopt(entry: JournalEntry): void {
    this.#untold = [...(entry.untold ?? []), ...this.#untold];
    this.#entry = { ...entry, untold: this.#untold };
    this.#key = entry.id;
    if (this.#untold.length > 0 && !entry.untold) void this.#journal.put(this.#entry);
  }

  /** Kept until {@link told}, also after the end of the upload. */
  async keep(event: UntoldEvent): Promise<void> {
    this.#untold = [...this.#untold, event];
    await this.#putUntold();
  }

  /** The host has been told of everything. */
  async told(): Promise<void> {
    if (this.#untold.length === 0) return;
    this.#untold = [];
    if (this.#entry) await this.#putUntold();
    else await this.#journal.delete(this.id);
  }

  /** The record stays in the journal, and is no longer that of this upload, which gets another id. */
  abandon(nextId: string): void {
    this.#entry = undefined;
    this.#key = undefined;
    this.#isToBeDiscarded = false;
    this.#ownId = nextId;
  }

  /** Another session has taken the place of the one recorded: nothing that was stored is of use. */
  async replace({ transfer, progress }: ActiveSession): Promise<void> {
    await this.#journal.delete(this.id);
    if (this.#entry) this.#entry = { ...this.#entry, transfer, partSizeBytes: progress.plan.partSizeBytes };
  }

  /** Without a phase: the one it is in. */
  async write(
    session: ActiveSession | undefined,
    { phase, isPaused, receipt }: RecordedState,
  ): Promise<void> {
    if (!this.#entry || !session) return;
    const { ticket, mediaId } = session;
    this.#isToBeDiscarded = phase === 'discarding';
    this.#entry = {
      ...this.#entry,
      phase: phase ?? this.#entry.phase,
      ticket,
      mediaId,
      isPaused: isPaused ?? this.#entry.isPaused,
      receipt: receipt ?? this.#entry.receipt,
      updatedAt: this.#clock.now(),
    };
    await this.#journal.put(this.#entry);
  }

  /** With the bytes of those that are new. */
  async putAttachments(
    attachments: readonly JournalAttachment[],
    fileOf: (attachmentId: string) => Blob | undefined,
  ): Promise<void> {
    const before = new Map(this.#entry?.attachments?.map((one) => [one.spec.attachmentId, one.isStored]));
    if (!this.#entry || isSame(attachments, before)) return;
    this.#entry = { ...this.#entry, attachments };
    this.#putFiles(
      attachments.filter(({ spec }) => !before.has(spec.attachmentId)),
      fileOf,
    );
    await this.#journal.put(this.#entry);
  }

  /** What is to be sent once the upload is confirmed. */
  async putDetails(details: MediaUpdate | undefined): Promise<void> {
    if (!this.#entry || this.#entry.details === details) return;
    this.#entry = { ...this.#entry, details };
    await this.#journal.put(this.#entry);
  }

  /** What opens the file on the next visit: that of another file would offer it in vain. */
  async putHandle(handle: FileSystemFileHandle | undefined): Promise<void> {
    if (!this.#entry || this.#entry.handle === handle) return;
    this.#entry = { ...this.#entry, handle };
    await this.#journal.put(this.#entry);
  }

  attachmentFile(attachmentId: string): Promise<Blob | undefined> {
    return this.#journal.file(attachmentKey(this.id, attachmentId));
  }

  async putPart(part: JournalPart): Promise<void> {
    const entry = this.#entry;
    if (!entry) return;
    await this.#journal.putPart(this.id, part);
    const now = this.#clock.now();
    // Unless it was written, or ended, meanwhile.
    if (this.#entry !== entry || now - entry.updatedAt < renewIntervalMs) return;
    this.#entry = { ...entry, updatedAt: now };
    await this.#journal.put(this.#entry);
  }

  /** The journal was cleared, or has refused it: once more, with the bytes of attachments that are not stored. */
  async rewrite(
    parts: readonly JournalPart[],
    fileOf: (attachmentId: string) => Blob | undefined,
  ): Promise<void> {
    const entry = this.#entry;
    if (!entry) return;
    const { id } = this;
    const writes = [this.#journal.put(entry), ...parts.map((part) => this.#journal.putPart(id, part))];
    this.#putFiles(entry.attachments ?? [], fileOf);
    const areWritten = await Promise.all(writes);
    if (areWritten.every(Boolean)) this.#journal.settle(id);
  }

  async deletePart(partNumber: number): Promise<void> {
    await this.#journal.deletePart(this.id, partNumber);
  }

  /** Nothing is left to resume, and what still reports writes nothing. */
  async delete(): Promise<void> {
    this.#isToBeDiscarded = false;
    this.close();
    if (this.#key !== undefined) await this.#deleteFirmly();
    if (this.#untold.length > 0) await this.#putUntold();
  }

  #putFiles(
    attachments: readonly JournalAttachment[],
    fileOf: (attachmentId: string) => Blob | undefined,
  ): void {
    for (const { spec, isStored } of attachments) {
      const file = fileOf(spec.attachmentId);
      if (!isStored && file) void this.#journal.putFile(attachmentKey(this.id, spec.attachmentId), file);
    }
  }

  /** Otherwise the next visit would find an upload that has ended, and tell the host of it once more. */
  async #deleteFirmly(): Promise<void> {
    const { id } = this;
    for (const delayMs of deleteDelaysMs) {
      // Unless the next attempt has written an entry of its own meanwhile.
      if (this.#entry || (await this.#journal.delete(id))) return;
      await this.#clock.sleep(delayMs);
    }
  }

  async #putUntold(): Promise<void> {
    const untold = this.#untold;
    if (this.#entry) this.#entry = { ...this.#entry, untold };
    await this.#journal.put(this.#entry ?? endedEntry(this.id, untold, this.#clock.now()));
  }

  /** The next attempt writes a record of its own. */
  close(): void {
    this.#entry = undefined;
  }
}

function isSame(attachments: readonly JournalAttachment[], before: ReadonlyMap<string, boolean>): boolean {
  return (
    attachments.length === before.size &&
    attachments.every(({ spec, isStored }) => before.get(spec.attachmentId) === isStored)
  );
}

/** Under which the bytes are kept; `IndexedDbJournalStore` keeps them as long as the entry. */
function attachmentKey(id: string, attachmentId: string): string {
  return `${id}#${attachmentId}`;
}

/** Of an upload that has nothing to resume: only what the host is still to be told. */
function endedEntry(id: string, untold: readonly UntoldEvent[], now: number): JournalEntry {
  const { fileName = '', sizeBytes = 0, contentType = '' } = untold[0]?.upload ?? {};
  return {
    id,
    endpoint: '',
    provider: '',
    fileName,
    sizeBytes,
    contentType,
    fingerprint: '',
    ticket: '',
    mediaId: undefined,
    transfer: { kind: 'single' },
    partSizeBytes: 0,
    phase: 'ended',
    untold,
    addedAt: now,
    updatedAt: now,
  };
}

import { Attachments } from './attachments.js';
import { Attempt } from './attempt.js';
import type { EngineContext } from './context.js';
import type { Adder, FileInfo, FileSource } from './file-info.js';
import { isKept } from './kept-file.js';
import { LaterDetails } from './later-details.js';
import type { MachineEvent } from './machine.js';
import type { MachineState } from './machine-state.js';
import type { JournalEntry } from './resume/store.js';
import type { ActiveSession } from './session.js';
import type { ImportProgress, Waiting } from './types.js';

/** What the work of an upload needs of the one who runs it. */
export interface JobOwner {
  readonly state: MachineState;
  /** Aborted when the engine is destroyed. */
  readonly lifetime: AbortSignal;
  dispatch(event: MachineEvent): void;
  /** Something that is no state has changed. */
  changed(): void;
  /** It was restored without its file, and cannot go on without it. */
  fileNeeded(entry: JournalEntry): void;
}

/** How far the cloud is with an import, and whether it can still be canceled. */
export interface ImportStep extends ImportProgress {
  readonly canCancel: boolean;
}

/** What one upload has while it is worked on: its file, its attachments, and its attempt at the endpoint. */
export class UploadJob {
  readonly info: FileInfo;
  readonly context: EngineContext;
  readonly attachments: Attachments;
  readonly details: LaterDetails;
  readonly attempt: Attempt;
  readonly #owner: JobOwner;
  file: File | undefined;
  handle: FileSystemFileHandle | undefined;
  /** The link that the cloud pulls it from; not known after a reload. */
  readonly url: string | undefined;
  /** Of an import under way: what the endpoint has said last. */
  importing: ImportStep | undefined;
  /** Size of an import, once the cloud has said it. */
  importedBytes: number | undefined;
  /** Another caller does not start it. */
  adder: Adder;
  /** Of a call that may have begun an import: its repeat has the same. */
  importId: string | undefined;
  options: Readonly<Record<string, unknown>> = {};
  isStarting = false;
  /** Of the transfer under way; a pause aborts it. */
  drain: AbortController | undefined;
  /** Readings of the file that have failed in a row. */
  failedReadings = 0;
  /** How often the upload has begun anew by itself since the person last asked for it. */
  restarts = 0;

  constructor(info: FileInfo, source: FileSource, context: EngineContext, owner: JobOwner) {
    this.info = info;
    this.url = source.url;
    this.file = source.url === undefined ? source.file : undefined;
    this.handle = source.handle;
    this.adder = source.adder ?? {};
    this.context = context;
    this.#owner = owner;
    this.attachments = new Attachments(context, () => {
      this.keepAttachments();
      owner.changed();
    });
    this.details = new LaterDetails(context, () => {
      this.keepDetails();
      owner.changed();
    });
    this.attempt = new Attempt(context, info.id);
  }

  get state(): MachineState {
    return this.#owner.state;
  }

  /** Aborted when the engine is destroyed. */
  get lifetime(): AbortSignal {
    return this.#owner.lifetime;
  }

  get session(): ActiveSession | undefined {
    return this.attempt.session;
  }

  dispatch(event: MachineEvent): void {
    this.#owner.dispatch(event);
  }

  dispatchSession({ public: session, progress }: ActiveSession): void {
    this.dispatch({ type: 'session', session, sentBytes: progress.sentBytes });
  }

  readonly onWaiting = (waiting: Waiting | undefined): void => this.dispatch({ type: 'waiting', waiting });

  changed(): void {
    this.#owner.changed();
  }

  fileNeeded(entry: JournalEntry): void {
    this.#owner.fileNeeded(entry);
  }

  /** In the journal, once the upload is there. */
  keepAttachments(): void {
    void this.attempt.record.putAttachments(this.attachments.journalled, (id) => this.#attachmentFile(id));
  }

  /** In the journal, once the upload is there. */
  keepDetails(): void {
    void this.attempt.record.putDetails(this.details.unsent);
  }

  /** Whether the journal has what it was told to keep, as far as this page knows. */
  get isJournalled(): boolean {
    const { record } = this.attempt;
    return (
      this.context.journal.has(record.id) &&
      (!this.#isFileToKeep || this.context.journal.keepsFile(record.id))
    );
  }

  /** The journal was cleared, or has refused some of it: once more. */
  async rejournal(): Promise<void> {
    const { record, session } = this.attempt;
    if (this.file && this.#isFileToKeep) void this.context.journal.putFile(record.id, this.file.slice());
    await record.rewrite(session?.progress.journalParts() ?? [], (id) => this.#attachmentFile(id));
  }

  /** A small file that still has bytes to send. */
  get #isFileToKeep(): boolean {
    const { file, session } = this;
    return file !== undefined && isKept(file, this.context.options) && session?.progress.isComplete === false;
  }

  #attachmentFile(attachmentId: string): File | undefined {
    return this.attachments.snapshot.find((one) => one.attachmentId === attachmentId)?.file;
  }

  /** Before there is a session, they go with the start; an import takes them once its video is there. */
  sendAttachments(): void {
    const { attachments, session, info, lifetime, state } = this;
    const isThere = !info.source || ['processing', 'ready'].includes(state.status);
    // An abort leaves them waiting.
    if (session && (isThere || session.isConfirmed)) attachments.sendAll(session, lifetime).catch(() => {});
  }

  restoreAttachments({ attachments = [] }: JournalEntry): void {
    this.attachments.restore(attachments, (id) => this.attempt.record.attachmentFile(id));
  }

  /** The same content from another place, or opened again: what the store has is compared with it before it counts. */
  useFile(file: File, handle: FileSystemFileHandle | undefined): void {
    this.file = file;
    this.handle = handle;
    void this.attempt.record.putHandle(handle);
    this.session?.progress.distrust();
    this.session?.knownMd5s.clear();
  }

  /** Without a phase: the one it is in. */
  remember(phase?: JournalEntry['phase']): Promise<void> {
    return this.attempt.remember(this.state, phase);
  }

  /** What the last attempt has is of no use to the next, except its media. */
  beginAgain(): void {
    this.attempt.beginAgain();
    this.attachments.reset();
    this.details.reset();
  }

  discard(status: 'canceled' | 'failed'): Promise<void> {
    return this.attempt.discard(status, this.lifetime);
  }
}

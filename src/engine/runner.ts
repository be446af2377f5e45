import type { Capabilities, MediaDetails, MediaUpdate } from '../protocol/index.js';
import type { Attempt, EarlierUpload } from './attempt.js';
import type { EngineContext } from './context.js';
import { asUploadError, isNotOurs, type UploadError } from './errors.js';
import type { Adder, FileInfo, FileSource } from './file-info.js';
import { type ImportStep, type JobOwner, UploadJob } from './job.js';
import { initialState, type MachineEvent, restoredState, transition } from './machine.js';
import { type MachineState, isGivenUp, sessionOf, waitsForFile } from './machine-state.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import { fingerprint } from './resume/fingerprint.js';
import { storedBytesOf } from './resume/unfinished-uploads.js';
import { SerialWork } from './serial-work.js';
import type {
  AttachmentInput,
  AttachmentSnapshot,
  ContinueOutcome,
  DetailsSnapshot,
  MediaProbe,
  UploadNote,
} from './types.js';
import { perform } from './work.js';

/** How long a pause waits for parts that are nearly sent. */
const drainMs = 10_000;

/** `isTooLateToCancel`: it was given up, and is stored all the same. */
export type RestoredEntry = JournalEntry & { readonly isTooLateToCancel?: boolean };

/** Receives the events of an upload. */
export interface RunnerObserver {
  /** Without `before`: it was restored in this state. */
  changed(runner: UploadRunner, before: MachineState | undefined): void;
  /** Restored without its file, and cannot go on without it. */
  fileNeeded(runner: UploadRunner, entry: JournalEntry): void;
  /** Went on by itself, and turned out to be another person's: its row disappears. */
  notOurs(runner: UploadRunner): void;
}

/**
 * Performs the work of one upload's state and dispatches the result. One piece of work at a time: leaving a status
 * aborts its work, and the next begins when that has settled, so no work runs that the state does not show.
 */
export class UploadRunner implements JobOwner {
  readonly info: FileInfo;
  probe: MediaProbe | undefined;
  /** What is worth knowing of the file. */
  notes: readonly UploadNote[] | undefined;
  state: MachineState = initialState;
  readonly #context: EngineContext;
  readonly #observer: RunnerObserver;
  readonly #job: UploadJob;
  readonly #lifetime = new AbortController();
  readonly #work = new SerialWork();
  #isDestroyed = false;

  constructor(info: FileInfo, source: FileSource, context: EngineContext, observer: RunnerObserver) {
    this.info = info;
    this.probe = source.probe;
    this.#context = context;
    this.#observer = observer;
    this.#job = new UploadJob(info, source, context, this);
  }

  /** An upload whose bytes are all at the store: goes on without the file. */
  static restore(
    { isTooLateToCancel, ...entry }: RestoredEntry,
    parts: readonly JournalPart[],
    context: EngineContext,
    observer: RunnerObserver,
  ): UploadRunner {
    const { id, fileName, path, sizeBytes, contentType, addedAt, metadata, source } = entry;
    const info = { id, fileName, path, sizeBytes, contentType, addedAt, metadata, source };
    const runner = new UploadRunner(info, {}, context, observer);
    const session = runner.attempt.restore({ entry, parts });
    runner.#job.restoreAttachments(entry);
    if (entry.details) runner.#job.details.give(entry.details);
    runner.state = restoredState({ ...entry, isTooLateToCancel }, session.public);
    runner.#launch();
    runner.#sendDetails();
    return runner;
  }

  /** Goes on with an upload of an earlier visit; paused, where the person had paused it and has not asked for it now. */
  continueFrom(earlier: EarlierUpload): void {
    const { entry, parts, origin } = earlier;
    this.attempt.continueFrom(earlier);
    this.#job.restoreAttachments(entry);
    if (entry.details) this.#job.details.give(entry.details);
    if (origin === 'kept' && entry.isPaused)
      this.state = { status: 'paused', session: undefined, sentBytes: storedBytesOf(parts) };
  }

  get attempt(): Attempt {
    return this.#job.attempt;
  }

  get file(): File | undefined {
    return this.#job.file;
  }

  /** Whether the next visit can open the file again by itself. */
  get isFileKept(): boolean {
    const { handle, context } = this.#job;
    const { id } = this.attempt.record;
    return context.journal.has(id) && (handle !== undefined || context.journal.keepsFile(id));
  }

  /** Whether the journal has what it was told to keep, as far as this page knows. */
  get isJournalled(): boolean {
    return this.#job.isJournalled;
  }

  /** The journal was cleared, or has refused some of it: once more. */
  rejournal(): Promise<void> {
    return this.#job.rejournal();
  }

  /** The link that the cloud pulls it from, where it is known. */
  get url(): string | undefined {
    return this.#job.url;
  }

  /** Whether it can begin from nothing. */
  get isAtHand(): boolean {
    return this.file !== undefined || this.url !== undefined;
  }

  /** That of an import is known once the cloud says it. */
  get sizeBytes(): number {
    const { info, state } = this;
    return info.sizeBytes || ('media' in state && state.media?.sizeBytes) || (this.#job.importedBytes ?? 0);
  }

  /** Set while the cloud pulls it. */
  get importing(): ImportStep | undefined {
    const { status } = this.state;
    if (!this.info.source || (status !== 'uploading' && status !== 'confirming')) return undefined;
    return this.#job.importing ?? { state: 'waiting', canCancel: false };
  }

  get attachments(): readonly AttachmentSnapshot[] {
    return this.#job.attachments.snapshot;
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#job.options;
  }

  /** Parts that are being finished after a pause. */
  get finishingParts(): number | undefined {
    const isFinishing = this.state.status === 'paused' && this.#job.drain?.signal.aborted;
    return (isFinishing && this.#job.session?.progress.inFlightCount) || undefined;
  }

  get details(): DetailsSnapshot | undefined {
    return this.#job.details.snapshot;
  }

  /** Until the start is under way. */
  get canSetOptions(): boolean {
    const { status } = this.state;
    const { session, isStarting } = this.#job;
    return !session && !isStarting && (status === 'queued' || status === 'paused');
  }

  /** Its id in the journal and among the tabs, once there is something to resume; further attempts keep it. */
  get key(): string | undefined {
    return this.attempt.record.key;
  }

  /** Resolves when the work of the present status is done. Never rejects. */
  get settled(): Promise<void> {
    return this.#work.settled;
  }

  /** Who has added it. */
  get adder(): Adder {
    return this.#job.adder;
  }

  get ticket(): string | undefined {
    return this.#job.session?.ticket;
  }

  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** The call that completes it may have gone through, or is under way. */
  get mayBeStored(): boolean {
    return this.state.status === 'confirming' || this.#job.session?.mayHaveFinished === true;
  }

  /** Whether taking its row away gives up what is under way. An import that the cloud does not stop goes on there. */
  get isGivenUpByRemoval(): boolean {
    return !['ready', 'processing'].includes(this.state.status) && this.importing?.canCancel !== false;
  }

  note(probe: MediaProbe | undefined, notes: readonly UploadNote[]): void {
    if (this.#isDestroyed) return;
    this.probe = probe;
    this.notes = notes.length > 0 ? notes : undefined;
    this.changed();
  }

  setOptions(options: Readonly<Record<string, unknown>>): void {
    if (!this.canSetOptions) return;
    this.#job.options = { ...options };
    this.changed();
  }

  setDetails(details: MediaUpdate, { options = [], updates = {} }: Partial<Capabilities> = {}): void {
    const names = Object.keys(details) as (keyof MediaUpdate)[];
    const early = names.filter((name) => this.canSetOptions && options.includes(name));
    const later = names.filter((name) => !early.includes(name) && updates[name]);
    if (early.length > 0) {
      this.#job.details.withdraw(early);
      this.setOptions({ ...this.options, ...pick(details, early) });
    }
    if (later.length > 0) this.#job.details.give(pick(details, later));
    this.#sendDetails();
  }

  attach(input: AttachmentInput, capabilities: Partial<Capabilities> = {}): string | undefined {
    const { status } = this.state;
    const isOpen = this.info.source
      ? capabilities.import?.attachments?.includes(input.kind)
      : this.canSetOptions || capabilities[input.kind === 'cover' ? 'cover' : 'subtitles']?.when === 'any';
    if (!isOpen || status === 'canceled' || status === 'failed') return undefined;
    const attachmentId = this.#job.attachments.add(input);
    this.#job.sendAttachments();
    return attachmentId;
  }

  detach(attachmentId: string): void {
    this.#job.attachments.remove(attachmentId);
  }

  retryAttachment(attachmentId: string): void {
    this.#job.attachments.retry(attachmentId);
    this.#job.sendAttachments();
  }

  dispatch(event: MachineEvent): void {
    if (this.#isDestroyed) return;
    const before = this.state;
    this.state = transition(before, event);
    if (this.state === before) return;
    if (event.type === 'retry') this.#job.restarts = 0;
    if (this.state.status !== before.status) {
      if (event.type === 'retry' && !sessionOf(this.state) && !this.attempt.earlier) this.#job.beginAgain();
      this.#launch();
      this.#sendDetails();
      // The pause, and its end, are kept.
      if (before.status === 'paused' || this.state.status === 'paused') void this.#job.remember();
      if (isGivenUp(this.state)) {
        this.#job.session?.end();
        // At once, because the page may be closed before the endpoint is told.
        void this.#job.remember('discarding');
      }
    }
    this.#observer.changed(this, before);
  }

  /** The person asks for it. What another account has started or added starts over as theirs, as its row says. */
  retry(): void {
    if (this.state.status === 'failed' && this.state.error.code === 'ticket-foreign') {
      this.#job.adder = {};
      this.#job.importId = undefined;
      this.attempt.leave();
    }
    this.dispatch({ type: 'retry' });
  }

  cancel(): void {
    // The cloud has begun, and does not stop.
    if (this.importing?.canCancel === false) return;
    const { session, isStarting } = this.#job;
    this.dispatch({ type: 'cancel', hasRemains: session !== undefined || isStarting });
  }

  fail(error: UploadError, media?: MediaDetails): void {
    const isLeft = isNotOurs(error.code);
    const isAlone = this.attempt.isContinued && (!this.file || this.attempt.earlier?.origin === 'kept');
    // Not compared yet, so this may be another file: the upload is offered again, and nothing of it is discarded.
    if (this.attempt.earlier && !error.isResumable) this.attempt.abandon(isLeft);
    const hasRemains =
      !error.isResumable &&
      !isLeft &&
      this.attempt.session !== undefined &&
      this.state.status !== 'processing';
    this.dispatch({ type: 'fail', error, hasRemains, media });
    if (isLeft && !error.isResumable && isAlone) this.#observer.notOurs(this);
  }

  /** Goes on with another File of the same content, where it waits for one. */
  async replaceFile({ file, handle }: FileSource & { file: File }): Promise<ContinueOutcome> {
    const { ports } = this.#context;
    const print = await fingerprint(file, ports.workers, this.lifetime).catch(() => undefined);
    if (print === undefined || !waitsForFile(this.state)) return 'needs-file';
    const expected = this.attempt.fingerprint;
    const isSame = expected === undefined ? file.size === this.info.sizeBytes : print === expected;
    if (!isSame) return 'wrong-file';
    this.#job.useFile(file, handle);
    this.#job.onWaiting(undefined);
    // Ends the wait; what the store has is compared with this file.
    this.#launch();
    return 'continued';
  }

  /** Carries an upload whose row is removed to its end. Resolves when nothing of it is left to do. */
  endUnseen(): Promise<void> {
    const { state } = this;
    if (state.status === 'failed' && state.cleanup === 'none') return this.#removeFailed();
    if (state.status === 'processing' || this.importing?.canCancel === false) return this.#letGo();
    this.cancel();
    return this.settled;
  }

  /** Stops without canceling; the journal keeps what it takes to resume. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#lifetime.abort();
    this.#context.pool.forget(this.info.id);
    // A cancel is completed nevertheless.
    if (this.state.status !== 'canceled' && this.state.status !== 'failed') this.#work.abort();
  }

  /** Called by the job; see `JobOwner`. */
  changed(): void {
    this.#observer.changed(this, this.state);
  }

  /** Called by the job; see `JobOwner`. */
  fileNeeded(entry: JournalEntry): void {
    this.#observer.fileNeeded(this, entry);
  }

  /** The row is removed: the upload is not shown on the next visit either. */
  async #letGo(): Promise<void> {
    if (this.importing) this.#work.abort();
    await this.#work.settled;
    await this.attempt.record.delete();
  }

  /** The row of a failed upload is removed. One that was not compared with the file yet is offered again. */
  async #removeFailed(): Promise<void> {
    if (this.attempt.earlier) this.attempt.abandon(false);
    else await this.#giveUp();
  }

  /** A failed upload is given up for good: what it has stored is discarded. */
  async #giveUp(): Promise<void> {
    void this.attempt.record.write(this.attempt.session, { phase: 'discarding' });
    await this.#work.settled;
    if (this.#job.session) await this.#job.discard('failed').catch(() => {});
  }

  /** Some services name the media only with the confirmation, or change it only then. */
  #sendDetails(): void {
    const { details, session } = this.#job;
    const { status } = this.state;
    if (!session || (status !== 'processing' && status !== 'ready')) return;
    void details.send(session, this.lifetime);
    if (this.info.source) this.#job.sendAttachments();
  }

  /** Lets parts that are nearly sent come to their end, so that a pause takes little back. */
  #drain(drain: AbortController): void {
    const abort = this.#work.aborter();
    drain.abort();
    this.#context.ports.clock.sleep(drainMs, this.lifetime).then(abort, () => {});
  }

  /** Begins the work of the present status once that of the former has settled. */
  #launch(): void {
    const { status } = this.state;
    const { drain } = this.#job;
    if (status === 'paused' && drain && !drain.signal.aborted) return this.#drain(drain);
    const hasNothing = this.key === undefined && !this.attempt.session && !this.#job.isStarting;
    // These only end the former work.
    if (status === 'queued' || status === 'paused' || (status === 'canceled' && hasNothing)) {
      // Resumed while parts are being finished: they are.
      if (status !== 'queued' || !drain?.signal.aborted) this.#work.abort();
      return;
    }
    this.#work.begin(
      (signal) => perform(this.#job, status, signal),
      (error) => this.fail(asUploadError(error)),
      // Resumed while parts are being finished.
      status === 'uploading' && drain?.signal.aborted === true,
    );
  }
}

function pick(details: MediaUpdate, names: readonly (keyof MediaUpdate)[]): MediaUpdate {
  return Object.fromEntries(names.map((name) => [name, details[name]]));
}

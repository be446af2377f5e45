import type { MediaDetails } from '../protocol/index.js';
import { Attempt, type EarlierUpload } from './attempt.js';
import { Attachments } from './attachments.js';
import { loadEffects } from './chunks.js';
import type { EngineContext } from './context.js';
import type { Sent } from './effects/send.js';
import { asUploadError, isNotOurs, UploadError } from './errors.js';
import type { FileInfo, FileSource } from './file-info.js';
import { loadCode } from './load-code.js';
import {
  initialState,
  type MachineEvent,
  type MachineState,
  isGivenUp,
  restoredState,
  sessionOf,
  transition,
} from './machine.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import { storedBytesOf } from './resume/unfinished-uploads.js';
import { SerialWork } from './serial-work.js';
import type { ActiveSession } from './session.js';
import type { AttachmentInput, AttachmentSnapshot, MediaProbe, Waiting } from './types.js';

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
export class UploadRunner {
  readonly info: FileInfo;
  readonly file: File | undefined;
  readonly probe: MediaProbe | undefined;
  readonly attempt: Attempt;
  state: MachineState;
  readonly #handle: FileSystemFileHandle | undefined;
  readonly #context: EngineContext;
  readonly #observer: RunnerObserver;
  readonly #attachments: Attachments;
  readonly #lifetime = new AbortController();
  readonly #work = new SerialWork();
  #options: Readonly<Record<string, unknown>> = {};
  #isStarting = false;
  #isDestroyed = false;

  constructor(
    info: FileInfo,
    { file, handle, probe }: FileSource,
    context: EngineContext,
    observer: RunnerObserver,
  ) {
    this.info = info;
    this.file = file;
    this.probe = probe;
    this.state = initialState;
    this.#handle = handle;
    this.#context = context;
    this.#observer = observer;
    this.#attachments = new Attachments(context, () => this.#changed());
    this.attempt = new Attempt(context, info.id);
  }

  /** An upload whose bytes are all at the store: goes on without the file. */
  static restore(
    entry: JournalEntry,
    parts: readonly JournalPart[],
    context: EngineContext,
    observer: RunnerObserver,
  ): UploadRunner {
    const { id, fileName, path, sizeBytes, contentType, addedAt, metadata } = entry;
    const info = { id, fileName, path, sizeBytes, contentType, addedAt, metadata };
    const runner = new UploadRunner(info, {}, context, observer);
    const session = runner.attempt.restore({ entry, parts });
    runner.state = restoredState(entry, session.public);
    runner.#launch();
    return runner;
  }

  /** Goes on with an upload of an earlier visit; paused, where the person had paused it and has not asked for it now. */
  continueFrom(earlier: EarlierUpload): void {
    const { entry, parts, origin } = earlier;
    this.attempt.continueFrom(earlier);
    if (origin === 'kept' && entry.isPaused)
      this.state = { status: 'paused', session: undefined, sentBytes: storedBytesOf(parts) };
  }

  get attachments(): readonly AttachmentSnapshot[] {
    return this.#attachments.snapshot;
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#options;
  }

  /** Until the start is under way. */
  get canSetOptions(): boolean {
    const { status } = this.state;
    return !this.attempt.session && !this.#isStarting && (status === 'queued' || status === 'paused');
  }

  /** Its id in the journal and among the tabs, once there is something to resume; further attempts keep it. */
  get key(): string | undefined {
    return this.attempt.record.key;
  }

  /** Resolves when the work of the present status is done. Never rejects. */
  get settled(): Promise<void> {
    return this.#work.settled;
  }

  get ticket(): string | undefined {
    return this.attempt.session?.ticket;
  }

  setOptions(options: Readonly<Record<string, unknown>>): void {
    if (!this.canSetOptions) return;
    this.#options = { ...options };
    this.#changed();
  }

  attach(input: AttachmentInput, canFollow: boolean): string | undefined {
    const { status } = this.state;
    if (!this.canSetOptions && (!canFollow || status === 'canceled' || status === 'failed')) return undefined;
    const attachmentId = this.#attachments.add(input);
    // Before there is a session, it goes with the start; an abort leaves it waiting.
    const { session } = this.attempt;
    if (session) this.#attachments.sendAll(session, this.#lifetime.signal).catch(() => {});
    return attachmentId;
  }

  detach(attachmentId: string): void {
    this.#attachments.remove(attachmentId);
  }

  dispatch(event: MachineEvent): void {
    if (this.#isDestroyed) return;
    const before = this.state;
    this.state = transition(before, event);
    if (this.state === before) return;
    if (this.state.status !== before.status) {
      if (event.type === 'retry' && !sessionOf(this.state) && !this.attempt.earlier) {
        this.attempt.beginAgain();
        this.#attachments.reset();
      }
      this.#launch();
      // The pause, and its end, are kept.
      if (before.status === 'paused' || this.state.status === 'paused') void this.#remember();
      if (isGivenUp(this.state)) {
        this.attempt.session?.end();
        // At once, because the page may be closed before the endpoint is told.
        void this.#remember('discarding');
      }
    }
    this.#observer.changed(this, before);
  }

  cancel(): void {
    this.dispatch({ type: 'cancel', hasRemains: this.attempt.session !== undefined || this.#isStarting });
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

  /** The row is removed: the upload is not shown on the next visit either. */
  async letGo(): Promise<void> {
    await this.#work.settled;
    await this.attempt.record.delete();
  }

  /** The row of a failed upload is removed. One that was not compared with the file yet is offered again. */
  async remove(): Promise<void> {
    if (this.attempt.earlier) this.attempt.abandon(false);
    else await this.giveUp();
  }

  /** A failed upload is given up for good: what it has stored is discarded. */
  async giveUp(): Promise<void> {
    void this.#remember('discarding');
    await this.#work.settled;
    if (this.attempt.session) await this.attempt.discard('failed').catch(() => {});
  }

  /** Stops without canceling; the journal keeps what it takes to resume. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#lifetime.abort();
    // A cancel is completed nevertheless.
    if (this.state.status !== 'canceled' && this.state.status !== 'failed') this.#work.abort();
  }

  /** Begins the work of the present status once that of the former has settled. */
  #launch(): void {
    const { status } = this.state;
    const hasNothing = this.key === undefined && !this.attempt.session && !this.#isStarting;
    // These only end the former work.
    if (status === 'queued' || status === 'paused' || (status === 'canceled' && hasNothing))
      return this.#work.abort();
    this.#work.begin(
      (signal) => this.#perform(status, signal),
      (error) => this.fail(asUploadError(error)),
    );
  }

  async #perform(status: MachineState['status'], signal: AbortSignal): Promise<void> {
    switch (status) {
      case 'preparing':
        return this.#prepare(signal);
      case 'uploading':
        return this.#upload(signal);
      case 'confirming':
        return this.#confirm(signal);
      case 'processing':
        return this.#remember('processing');
      case 'canceled':
        return this.#cleanUp('canceled');
      case 'failed':
        return this.state.status === 'failed' && this.state.cleanup === 'pending'
          ? this.#cleanUp('failed')
          : this.#finalize();
      case 'ready':
        return this.#finalize();
      case 'queued':
      case 'paused':
        return;
      default:
        return status satisfies never;
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const file = this.#needFile();
    if (!this.attempt.session || this.attempt.earlier) {
      const { prepare } = await this.#loadEffects(signal);
      if (signal.aborted) return;
      this.#isStarting = true;
      try {
        const { session, entry } = await prepare({
          id: () => this.attempt.record.id,
          file,
          handle: this.#handle,
          path: this.info.path,
          context: this.#context,
          signal,
          onChecked: (bytes) => this.dispatch({ type: 'checked', bytes }),
          onWaiting: this.#onWaiting,
          attachments: this.#attachments,
          metadata: this.info.metadata,
          options: this.#options,
          replaces: this.attempt.endedTicket,
          earlier: this.attempt.earlier,
          onAbandon: (isLeft) => this.attempt.abandon(isLeft),
        });
        this.attempt.begin(session, entry);
        // Its age counts from now on; and a pause during the start is kept.
        if (session.isResumed || signal.aborted) void this.#remember('uploading');
        this.#changed();
      } finally {
        this.#isStarting = false;
      }
    }
    if (!signal.aborted) this.#dispatchSession(this.attempt.needSession());
  }

  async #upload(signal: AbortSignal): Promise<void> {
    // Restored without its file: only the confirmation is missing, or the file has to be chosen again.
    if (!this.file) return this.#goOnWithoutFile();
    const { sendFile } = await this.#loadEffects(signal);
    for (;;) {
      const session = this.attempt.needSession();
      const { progress } = session;
      const onProgress = () => this.dispatch({ type: 'progress', sentBytes: progress.sentBytes });
      onProgress();
      const sent = await sendFile({
        uploadId: this.info.id,
        file: this.file,
        session,
        context: this.#context,
        signal,
        onWaiting: this.#onWaiting,
        onProgress,
        onStored: (part) => void this.attempt.record.putPart(part),
      });
      if (sent.outcome === 'stored') break;
      await this.#restart(sent);
    }
    // The service reads the cover at the confirmation of the video: attachments come before the confirmation.
    await this.#attachments.sendAll(this.attempt.needSession(), signal);
    if (!signal.aborted) this.dispatch({ type: 'stored' });
  }

  async #goOnWithoutFile(): Promise<void> {
    if (this.attempt.needSession().progress.pending().length === 0) return this.dispatch({ type: 'stored' });
    await this.#remember('uploading');
    const { entry } = this.attempt.record;
    if (entry) this.#observer.fileNeeded(this, entry);
  }

  /** The endpoint has restarted the transfer: what was stored, attachments too, does not belong to it. */
  async #restart({ session, attachments }: Extract<Sent, { outcome: 'restarted' }>): Promise<void> {
    this.attempt.use(session);
    this.#attachments.reset();
    this.#attachments.accept(attachments);
    await this.attempt.record.replace(session);
    await this.#remember('uploading');
    this.#dispatchSession(session);
  }

  async #confirm(signal: AbortSignal): Promise<void> {
    const session = this.attempt.needSession();
    await this.#remember('finishing');
    const { confirm } = await this.#loadEffects(signal);
    const answer = await confirm({
      session,
      record: this.attempt.record,
      context: this.#context,
      signal,
      onWaiting: this.#onWaiting,
    });
    if (answer.outcome === 'parts-differ') {
      await this.#remember('uploading');
      if (answer.error) throw answer.error;
      return this.dispatch({ type: 'parts-differ', sentBytes: session.progress.sentBytes });
    }
    session.mediaId = answer.mediaId;
    this.dispatch({ type: 'confirmed', receipt: answer.receipt, mediaId: answer.mediaId });
  }

  async #cleanUp(status: 'canceled' | 'failed'): Promise<void> {
    // A cancel after the confirmation has no effect; it is not reported as done.
    if (!this.attempt.session || this.attempt.session.isConfirmed) {
      await this.attempt.record.delete();
      return this.dispatch({ type: 'cleaned', isDone: !this.attempt.session });
    }
    try {
      await this.attempt.discard(status);
      this.dispatch({ type: 'cleaned', isDone: true });
    } catch (error) {
      // Refused for good: what is left at the store is out of reach, and the upload cannot be resumed.
      if (error instanceof UploadError && !error.isResumable) await this.attempt.record.delete();
      this.dispatch({ type: 'cleaned', isDone: false });
    }
  }

  /** An end was reached, and nothing is left to resume. A resumable failure keeps its record. */
  async #finalize(): Promise<void> {
    if (this.state.status === 'failed') {
      if (this.state.error.isResumable) return;
      if (isNotOurs(this.state.error.code)) return this.attempt.leave();
    }
    await this.attempt.record.delete();
  }

  #remember(phase?: JournalEntry['phase']): Promise<void> {
    return this.attempt.remember(this.state, phase);
  }

  readonly #onWaiting = (waiting: Waiting | undefined): void => this.dispatch({ type: 'waiting', waiting });

  #loadEffects(signal: AbortSignal) {
    return loadCode(loadEffects, this.#context.ports, signal, this.#onWaiting);
  }

  #changed(): void {
    this.#observer.changed(this, this.state);
  }

  #dispatchSession(session: ActiveSession): void {
    this.dispatch({
      type: 'session',
      session: session.public,
      sentBytes: session.progress.sentBytes,
    });
  }

  #needFile(): File {
    if (!this.file) throw new UploadError('file-unreadable', { detail: 'the file has to be chosen again' });
    return this.file;
  }
}

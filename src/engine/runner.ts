import type { MediaDetails } from '../protocol/index.js';
import { Attachments } from './attachments.js';
import type { EngineContext } from './context.js';
import { UploadError } from './errors.js';
import { initialState, type MachineEvent, type MachineState, transition } from './machine.js';
import { partSize } from './parts/plan.js';
import type { Accepted } from './restrictions/intake.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import { isAbort } from './retry/abort.js';
import { callWithRetry } from './retry/call-with-retry.js';
import { ActiveSession } from './session.js';
import type { AttachmentInput, AttachmentSnapshot, MediaProbe } from './types.js';

/** Loaded with the first file; see there. */
const loadEffects = () => import('./effects/index.js');

/** What is known of the file without having it. */
export interface FileInfo {
  readonly id: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly addedAt: number;
}

/** Six of these are hashed in less time than a call takes. */
const promptPartBytes = 4 * 1024 * 1024;
/** How often the store may disagree at the end before the upload is given up. */
const maxDisagreements = 3;

/**
 * Performs what a state asks for and feeds back what comes of it. One piece of work at a time: leaving a status
 * aborts its work, and the next begins when that has settled, so nothing ever works behind the state's back.
 */
export class UploadRunner {
  readonly info: FileInfo;
  readonly file: File | undefined;
  readonly handle: FileSystemFileHandle | undefined;
  readonly probe: MediaProbe | undefined;
  state: MachineState;
  readonly #context: EngineContext;
  readonly #onChange: (runner: UploadRunner, before: MachineState) => void;
  #session: ActiveSession | undefined;
  #entry: JournalEntry | undefined;
  #key: string | undefined;
  #work: Promise<void> = Promise.resolve();
  #controller = new AbortController();
  #isStarting = false;
  #disagreements = 0;
  #isDestroyed = false;
  readonly #lifetime = new AbortController();
  /** Ticket of an attempt that ended for good; a retry may take over its media. */
  #endedTicket: string | undefined;
  #options: Readonly<Record<string, unknown>> = {};
  readonly #attachments: Attachments;

  constructor(
    info: FileInfo,
    { file, handle, probe }: Partial<Accepted>,
    context: EngineContext,
    onChange: (runner: UploadRunner, before: MachineState) => void,
    state: MachineState = initialState,
  ) {
    this.info = info;
    this.file = file;
    this.handle = handle;
    this.probe = probe;
    this.state = state;
    this.#context = context;
    this.#onChange = onChange;
    this.#attachments = new Attachments(context, () => this.#onChange(this, this.state));
  }

  /** An upload whose bytes are all at the store: goes on without the file. */
  static restore(
    entry: JournalEntry,
    parts: readonly JournalPart[],
    context: EngineContext,
    onChange: (runner: UploadRunner, before: MachineState) => void,
  ): UploadRunner {
    const session = new ActiveSession(entry, entry.sizeBytes, {
      isResumed: true,
      partSizeBytes: entry.partSizeBytes,
    });
    for (const { partNumber, md5Base64 } of parts)
      session.progress.store(partNumber, { md5Base64, isProven: true });
    session.mayHaveFinished = true;
    const common = { session: { mediaId: entry.mediaId, isResumed: true }, sentBytes: entry.sizeBytes };
    const state: MachineState =
      entry.phase === 'processing'
        ? { status: 'processing', ...common, receipt: undefined, media: undefined }
        : { status: 'confirming', ...common, waiting: undefined };
    const runner = new UploadRunner(entry, {}, context, onChange, state);
    runner.#take(session);
    runner.#entry = entry;
    runner.#key = entry.id;
    runner.#launch();
    return runner;
  }

  get attachments(): readonly AttachmentSnapshot[] {
    return this.#attachments.snapshot;
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#options;
  }

  /** Until the start is under way. */
  get canSetOptions(): boolean {
    return (
      !this.#session &&
      !this.#isStarting &&
      (this.state.status === 'queued' || this.state.status === 'paused')
    );
  }

  setOptions(options: Readonly<Record<string, unknown>>): void {
    if (!this.canSetOptions) return;
    this.#options = { ...options };
    this.#onChange(this, this.state);
  }

  attach(input: AttachmentInput, mayComeLater: boolean): string | undefined {
    if (
      !this.canSetOptions &&
      (!mayComeLater || this.state.status === 'canceled' || this.state.status === 'failed')
    )
      return undefined;
    const attachmentId = this.#attachments.add(input);
    // While bytes are moving, or after, it goes by itself; before that, with the start.
    if (this.#session) void this.#attachments.sendAll(this.#session, this.#lifetime.signal).catch(() => {});
    return attachmentId;
  }

  detach(attachmentId: string): void {
    this.#attachments.remove(attachmentId);
  }

  /** Its id in the journal and among the tabs, once there was something to go on with; further attempts keep it. */
  get key(): string | undefined {
    return this.#key;
  }

  /** Resolves when what the present status asks for has been done. Never rejects. */
  get settled(): Promise<void> {
    return this.#work;
  }

  get ticket(): string | undefined {
    return this.#session?.ticket;
  }

  dispatch(event: MachineEvent): void {
    if (this.#isDestroyed) return;
    const before = this.state;
    this.state = transition(before, event);
    if (this.state === before) return;
    if (this.state.status !== before.status) {
      if (event.type === 'retry' && !('session' in this.state && this.state.session)) this.#beginAnew();
      this.#launch();
      // At once: the page may be closed before anybody else hears of it.
      if (this.#isGivenUp) {
        this.#session?.end();
        void this.#remember('discarding');
      }
    }
    this.#onChange(this, before);
  }

  cancel(): void {
    this.dispatch({ type: 'cancel', hasRemains: this.#session !== undefined || this.#isStarting });
  }

  fail(error: UploadError, media?: MediaDetails): void {
    const hasRemains =
      !error.isResumable && this.#session !== undefined && this.state.status !== 'processing';
    this.dispatch({ type: 'fail', error, hasRemains, ...(media && { media }) });
  }

  /** Nobody wants to hear of it any more, on the next visit either. */
  async letGo(): Promise<void> {
    await this.#work;
    await this.#context.journal.delete(this.#journalId);
  }

  /** A failed upload is given up for good: nothing of it stays behind. */
  async giveUp(): Promise<void> {
    void this.#remember('discarding');
    await this.#work;
    if (this.#session) await this.#discard('failed').catch(() => {});
  }

  /** Stops without canceling; the journal keeps what is needed to go on. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#lifetime.abort();
    // A cancel is carried through.
    if (this.state.status !== 'canceled' && this.state.status !== 'failed') this.#controller.abort();
  }

  /** Begins the work of the present status once that of the former has settled. */
  #launch(): void {
    this.#controller.abort();
    const controller = new AbortController();
    this.#controller = controller;
    const { status } = this.state;
    this.#work = this.#work
      .then(() => (controller.signal.aborted ? undefined : this.#perform(status, controller.signal)))
      .catch((error: unknown) => {
        if (controller.signal.aborted || isAbort(error)) return;
        this.fail(
          error instanceof UploadError
            ? error
            : new UploadError('internal', {
                detail: error instanceof Error ? error.name : 'unknown',
                cause: error,
              }),
        );
      });
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
          : this.#settled();
      case 'ready':
        return this.#settled();
      case 'queued':
      case 'paused':
        return;
      default:
        return status satisfies never;
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const file = this.#needFile();
    if (!this.#session) {
      const { prepare } = await loadEffects();
      if (signal.aborted) return;
      this.#isStarting = true;
      try {
        const { session, entry } = await prepare({
          id: this.#journalId,
          file,
          handle: this.handle,
          context: this.#context,
          signal,
          onChecked: (bytes) => this.dispatch({ type: 'checked', bytes }),
          onWaiting: (waiting) => this.dispatch({ type: 'waiting', waiting }),
          attachments: this.#attachments,
          options: this.#options,
          replaces: this.#endedTicket,
        });
        this.#take(session);
        this.#entry = entry;
        this.#key = entry.id;
        // It is alive again: its age counts from now.
        if (session.isResumed) void this.#remember('uploading');
      } finally {
        this.#isStarting = false;
      }
    }
    if (signal.aborted) return;
    this.#dispatchSession(this.#needSession());
  }

  async #upload(signal: AbortSignal): Promise<void> {
    const session = this.#needSession();
    // Restored without its file: nothing but the confirmation is missing, or the file has to be given again.
    if (!this.file)
      return session.progress.pending().length === 0 ? this.dispatch({ type: 'stored' }) : this.#shelve();
    const context = this.#context;
    const { ports } = context;
    const { PartSigner, transferParts, WaitingReasons } = await loadEffects();
    const waitingReasons = new WaitingReasons((waiting) => this.dispatch({ type: 'waiting', waiting }));
    const onWaiting = waitingReasons.reporter('sign');
    let restarted: ActiveSession | undefined;
    const { progress } = session;
    this.dispatch({ type: 'progress', sentBytes: progress.sentBytes });
    const unsigned = progress
      .pending()
      .filter((partNumber) => !progress.stored(partNumber) && !session.requests.has(partNumber));
    const signer = new PartSigner({
      session,
      // Small parts are hashed in no time; for large ones the first is better sent on its way alone.
      firstBatch:
        progress.plan.partSizeBytes <= promptPartBytes ? Math.min(unsigned.length, context.pool.size) : 1,
      elapsed: () => ports.clock.elapsed(),
      sign: async (parts) => {
        const answer = await callWithRetry(
          () => session.call((ticket) => context.client.sign({ ticket, parts }), signal),
          { ...ports, signIn: context.signIn },
          { signal, onWaiting },
        );
        if (answer.outcome === 'restarted') {
          restarted = new ActiveSession(answer.session, this.info.sizeBytes, {
            isResumed: session.isResumed,
          });
          restarted.keep(answer.session.signed ?? [], ports.clock.elapsed());
          // What was brought to the old place is not at the new one.
          this.#attachments.reset();
          this.#attachments.accept(answer.session.attachments ?? []);
          throw new RestartedError();
        }
        session.keep(answer.requests, ports.clock.elapsed());
      },
    });
    try {
      await transferParts({
        uploadId: this.info.id,
        file: this.#needFile(),
        session,
        workers: ports.workers,
        pool: context.pool,
        signer,
        network: ports.network,
        clock: ports.clock,
        random: ports.random,
        signal,
        waitingReasons,
        onProgress: () => this.dispatch({ type: 'progress', sentBytes: session.progress.sentBytes }),
        onStored: (partNumber, md5Base64) => {
          void context.journal.putPart(this.#journalId, {
            partNumber,
            sizeBytes: partSize(session.progress.plan, partNumber),
            md5Base64,
          });
        },
      });
    } catch (error) {
      if (!restarted || signal.aborted) throw error;
      await this.#restart(restarted);
      return this.#upload(signal);
    }
    // A service that is told of a cover looks for it: it has to be there before the confirmation.
    await this.#attachments.sendAll(session, signal);
    if (!signal.aborted) this.dispatch({ type: 'stored' });
  }

  async #confirm(signal: AbortSignal): Promise<void> {
    const session = this.#needSession();
    await this.#remember('finishing');
    const { confirm } = await loadEffects();
    const answer = await confirm({
      session,
      context: this.#context,
      signal,
      onWaiting: (waiting) => this.dispatch({ type: 'waiting', waiting }),
    });
    if (answer.outcome === 'confirmed') {
      session.mediaId = answer.mediaId;
      this.dispatch({ type: 'confirmed', receipt: answer.receipt, mediaId: answer.mediaId });
      return;
    }
    for (const partNumber of answer.partNumbers) {
      session.progress.forget(partNumber);
      await this.#context.journal.deletePart(this.#journalId, partNumber);
    }
    await this.#remember('uploading');
    this.#disagreements += 1;
    if (this.#disagreements >= maxDisagreements) {
      // Who tries again begins to count anew.
      this.#disagreements = 0;
      throw new UploadError('parts-differ', { attempts: maxDisagreements });
    }
    this.dispatch({ type: 'parts-differ', sentBytes: session.progress.sentBytes });
  }

  /** What the store has of it is kept, and the file is asked for. */
  async #shelve(): Promise<void> {
    await this.#remember('uploading');
    if (this.#entry) this.#context.shelve(this.#entry);
  }

  async #restart(session: ActiveSession): Promise<void> {
    const { journal, ports } = this.#context;
    this.#take(session);
    await journal.delete(this.#journalId);
    const { ticket, mediaId, transfer, progress } = session;
    if (this.#entry)
      this.#entry = {
        ...this.#entry,
        ticket,
        mediaId,
        transfer,
        partSizeBytes: progress.plan.partSizeBytes,
        updatedAt: ports.clock.now(),
      };
    await this.#remember('uploading');
    this.#dispatchSession(session);
  }

  async #cleanUp(status: 'canceled' | 'failed'): Promise<void> {
    // A cancel that came after the confirmation came too late, and nobody is told what is not so.
    if (!this.#session || this.#session.isConfirmed) {
      await this.#context.journal.delete(this.#journalId);
      this.dispatch({ type: 'cleaned', isDone: !this.#session });
      return;
    }
    try {
      await this.#discard(status);
      this.dispatch({ type: 'cleaned', isDone: true });
    } catch (error) {
      // Refused for good: what is left at the store is beyond our reach, and so is going on with it.
      if (error instanceof UploadError && !error.isResumable)
        await this.#context.journal.delete(this.#journalId);
      this.dispatch({ type: 'cleaned', isDone: false });
    }
  }

  async #discard(status: 'canceled' | 'failed'): Promise<void> {
    const { client, ports, signIn, journal } = this.#context;
    const { ticket } = this.#needSession();
    // Not tied to the state: giving up is carried through whatever else happens to the row.
    const signal = new AbortController().signal;
    await callWithRetry(
      () => client.finish({ ticket, status }),
      { ...ports, signIn },
      { signal, onWaiting: () => {} },
    );
    await journal.delete(this.#journalId);
    this.#forget();
    this.#endedTicket = ticket;
  }

  /** An end was reached: there is nothing to go on with later. A failure that can be resumed keeps its entry. */
  async #settled(): Promise<void> {
    if (this.state.status === 'failed' && this.state.error.isResumable) return;
    await this.#context.journal.delete(this.#journalId);
  }

  /** An upload that goes on from an earlier visit keeps the record of that visit. */
  get #journalId(): string {
    return this.#key ?? this.info.id;
  }

  /** Canceled, or failed for good: what is left of it is being cleared away. */
  get #isGivenUp(): boolean {
    return (
      this.state.status === 'canceled' || (this.state.status === 'failed' && this.state.cleanup === 'pending')
    );
  }

  async #remember(wanted: JournalEntry['phase']): Promise<void> {
    if (!this.#entry || !this.#session) return;
    // Late news of work that was stopped must not bring it back.
    const phase = this.#isGivenUp ? 'discarding' : wanted;
    this.#entry = {
      ...this.#entry,
      phase,
      ticket: this.#session.ticket,
      mediaId: this.#session.mediaId,
      updatedAt: this.#context.ports.clock.now(),
    };
    await this.#context.journal.put(this.#entry);
  }

  /** Whatever the last attempt still holds is of no use to the next, but its media may be. */
  #beginAnew(): void {
    this.#endedTicket = this.#session?.ticket ?? this.#endedTicket;
    this.#forget();
    this.#attachments.reset();
  }

  #take(session: ActiveSession): void {
    this.#session?.end();
    this.#session = session;
    session.onTicket = () => void this.#remember(this.#entry?.phase ?? 'uploading');
  }

  #forget(): void {
    this.#session?.end();
    this.#session = undefined;
    this.#entry = undefined;
    this.#disagreements = 0;
  }

  #dispatchSession(session: ActiveSession): void {
    this.dispatch({
      type: 'session',
      session: { mediaId: session.mediaId, isResumed: session.isResumed },
      sentBytes: session.progress.sentBytes,
    });
  }

  #needSession(): ActiveSession {
    if (!this.#session)
      throw new UploadError('internal', { detail: `no session while ${this.state.status}` });
    return this.#session;
  }

  #needFile(): File {
    if (!this.file) throw new UploadError('file-unreadable', { detail: 'the file has to be chosen again' });
    return this.file;
  }
}

/** Not a failure: the endpoint opened the transfer anew, and the work on the old one stops. */
class RestartedError extends Error {
  override readonly name = 'RestartedError';
}

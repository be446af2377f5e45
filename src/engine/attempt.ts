import type { PartToSign } from '../protocol/index.js';
import type { EngineContext } from './context.js';
import { UploadError } from './errors.js';
import { isGivenUp, type MachineState } from './machine-state.js';
import type { HashedPart } from './parts/first-parts.js';
import type { JournalEntry } from './resume/store.js';
import type { EntryWithParts } from './resume/unfinished-uploads.js';
import { UploadRecord } from './resume/upload-record.js';
import { callWithRetry } from './retry/call-with-retry.js';
import { ActiveSession } from './session.js';

/** An upload of an earlier visit whose lock is ours, and that goes on once its parts are compared with the file. */
export interface EarlierUpload extends EntryWithParts {
  /** The person added a file of that content, or chose it for this upload, or the file was at hand. */
  readonly origin: 'added' | 'chosen' | 'kept';
}

/** The digests with which `start` was asked, and the file that they are of. */
export interface AskedStart {
  readonly file: File;
  readonly md5Base64: string | undefined;
  readonly parts: readonly PartToSign[];
  /** Hashed, or being hashed. */
  readonly firstParts: Promise<readonly HashedPart[]>;
}

/** What an upload has at the endpoint and in the journal: the session of its present attempt, and the record of it. */
export class Attempt {
  readonly record: UploadRecord;
  /** Cheap identity of the content, once known. */
  fingerprint: string | undefined;
  /**
   * The digests of a start whose reply was lost, and which may have begun an upload. A retry sends the same ones: the
   * endpoint answers only an identical start with the session of the first.
   */
  readonly asked: { start?: AskedStart | undefined } = {};
  readonly #context: EngineContext;
  #session: ActiveSession | undefined;
  #earlier: EarlierUpload | undefined;
  #isContinued = false;
  #endedTicket: string | undefined;

  constructor(context: EngineContext, id: string) {
    this.#context = context;
    this.record = new UploadRecord(context.journal, context.ports.clock, id);
  }

  get session(): ActiveSession | undefined {
    return this.#session;
  }

  /** The upload of an earlier visit, until its parts have been compared with the file. */
  get earlier(): EarlierUpload | undefined {
    return this.#earlier;
  }

  /** Goes on from an earlier visit, or will. */
  get isContinued(): boolean {
    return this.#isContinued;
  }

  /** Ticket of an attempt that has ended; a retry may take over its media. */
  get endedTicket(): string | undefined {
    return this.#endedTicket;
  }

  continueFrom(earlier: EarlierUpload): void {
    const { sizeBytes, partSizeBytes } = earlier.entry;
    this.#earlier = earlier;
    this.#isContinued = true;
    this.#adopt(earlier.entry);
    this.use(new ActiveSession(earlier.entry, sizeBytes, { isResumed: true, partSizeBytes }));
  }

  /** The session of an upload whose bytes are all at the store. */
  restore({ entry, parts }: EntryWithParts): ActiveSession {
    const session = ActiveSession.restore(entry, parts);
    this.#isContinued = true;
    this.#adopt(entry);
    this.use(session);
    return session;
  }

  /** The session is there, and in the journal. */
  begin(session: ActiveSession, entry: JournalEntry): void {
    this.#earlier = undefined;
    this.#adopt(entry);
    this.use(session);
  }

  use(session: ActiveSession): void {
    this.#session?.end();
    this.#session = session;
    session.onTicket = () => void this.record.write(session, {});
  }

  needSession(): ActiveSession {
    if (!this.#session) throw new UploadError('internal', { detail: 'no session' });
    return this.#session;
  }

  /** Without a phase: the one it is in. Work that was stopped may still report; it must not bring the upload back. */
  async remember(state: MachineState, phase?: JournalEntry['phase']): Promise<void> {
    await this.record.write(this.#session, {
      phase: isGivenUp(state) ? 'discarding' : phase,
      isPaused: state.status === 'paused',
      receipt: 'receipt' in state ? state.receipt : undefined,
    });
  }

  /** Tells store and service that the attempt is given up. Not tied to the state: it is completed whatever happens. */
  async discard(status: 'canceled' | 'failed', lifetime: AbortSignal): Promise<void> {
    const { client, retry } = this.#context;
    const { ticket } = this.needSession();
    // When the page has let go of the engine, one call is made; the journal has the rest.
    const options = lifetime.aborted
      ? { signal: new AbortController().signal, patienceMs: 0 }
      : { signal: lifetime };
    await callWithRetry(() => client.finish({ ticket, status }), retry, { ...options, onWaiting: () => {} });
    await this.record.delete();
    this.#forget();
    this.#endedTicket = ticket;
  }

  /** What the last attempt has is of no use to the next, except its media. */
  beginAgain(): void {
    this.#endedTicket = this.#session?.ticket ?? this.#endedTicket;
    const { entry, isToBeDiscarded } = this.record;
    if (isToBeDiscarded) {
      // The record says what is still to be discarded, and the media belongs to it: the next attempt has its own.
      this.leave();
      this.#endedTicket = undefined;
      if (entry) this.#context.resumption.leave(entry);
    }
    this.#forget();
  }

  /** The earlier upload does not go on with this file. `isLeft`: it is another person's, and is not offered here again. */
  abandon(isLeft: boolean): void {
    const entry = this.#earlier?.entry;
    this.#earlier = undefined;
    this.#isContinued = false;
    this.#forget();
    this.leave();
    if (!entry) return;
    if (isLeft) this.#context.resumption.leave(entry);
    else void this.#context.resumption.putBack(entry);
  }

  /** The record stays in the journal as it is; another attempt writes one of its own. */
  leave(): void {
    this.record.abandon(this.#context.ports.newId());
  }

  #adopt(entry: JournalEntry): void {
    this.record.adopt(entry);
    this.fingerprint = entry.fingerprint;
  }

  #forget(): void {
    this.#session?.end();
    this.#session = undefined;
    this.record.close();
  }
}

import type { SignedRequest, Transfer, UploadSession } from '../protocol/index.js';
import type { Confirmation, PublicSession } from './machine-state.js';
import { PartProgress } from './parts/part-progress.js';
import { type PartWishes, pinnedPlan, planParts } from './parts/plan.js';
import type { JournalEntry, JournalPart } from './resume/store.js';
import { orAborted, throwIfAborted } from './retry/abort.js';

/** A signed request and its expiry on the monotonic clock. */
export interface FreshRequest {
  readonly request: SignedRequest;
  readonly expiresAtElapsed: number;
}

interface SessionOptions {
  isResumed?: boolean;
  /** As it was planned on an earlier visit. */
  partSizeBytes?: number;
  wishes?: PartWishes;
}

/** What a running upload knows of its upload session at the endpoint. Owns the ticket. */
export class ActiveSession {
  /** Some services name the media only when the upload is confirmed. */
  mediaId: string | undefined;
  readonly transfer: Transfer;
  readonly progress: PartProgress;
  readonly isResumed: boolean;
  /** Signed and not used yet, by part number. */
  readonly requests = new Map<number, FreshRequest>();
  /** MD5s known before their part is stored: from the check of a small file, or of an earlier visit. */
  readonly knownMd5s = new Map<number, string>();
  /** A finish call may have succeeded although its answer was lost. */
  mayHaveFinished = false;
  /** A single PUT counts as stored though its answer could not be read: the end decides. */
  isAssumed = false;
  /** When that was assumed last, on the monotonic clock. */
  assumedAt = -Infinity;
  /** It has failed because the store kept refusing without a readable reason. */
  wasRefused = false;
  /** How often the store's list differed from what was sent. */
  disagreements = 0;
  /** The endpoint has confirmed the upload. */
  isConfirmed = false;
  /** What it answered, unless the object turned out to be another. */
  confirmation: Confirmation | undefined;
  /** Called when an answer has replaced the ticket. */
  onTicket: () => void = () => {};
  #ticket: string;
  #calling: Promise<unknown> | undefined;
  #end = new AbortController();

  constructor(
    { ticket, mediaId, transfer }: Pick<UploadSession, 'ticket' | 'transfer' | 'mediaId'>,
    sizeBytes: number,
    { isResumed = false, partSizeBytes, wishes }: SessionOptions = {},
  ) {
    this.#ticket = ticket;
    this.mediaId = mediaId;
    this.transfer = transfer;
    this.isResumed = isResumed;
    this.progress = new PartProgress(
      partSizeBytes ? pinnedPlan(sizeBytes, partSizeBytes) : planParts(sizeBytes, transfer, wishes),
    );
  }

  /** The session of an upload whose bytes are all at the store. */
  static restore(entry: JournalEntry, parts: readonly JournalPart[]): ActiveSession {
    const { sizeBytes, partSizeBytes } = entry;
    const session = new ActiveSession(entry, sizeBytes, { isResumed: true, partSizeBytes });
    for (const { partNumber, md5Base64, isProven = false } of parts)
      session.progress.store(partNumber, { md5Base64, isCompared: true, isProven });
    session.mayHaveFinished = true;
    return session;
  }

  /** For calls that only read the session, and for its end. Calls that may change the ticket go through {@link call}. */
  get ticket(): string {
    return this.#ticket;
  }

  /** What may be shown of it. */
  get public(): PublicSession {
    return { mediaId: this.mediaId, isResumed: this.isResumed };
  }

  get isETagMd5(): boolean {
    return this.transfer.eTag !== 'opaque';
  }

  /** Aborted when the session is of no use any more: given up, restarted, or finished. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }

  /** It is of use after all. */
  reopen(): void {
    this.#end = new AbortController();
  }

  /**
   * One attempt of a call that may answer a new ticket. These calls go one after another, because the ticket is the
   * only copy of the session's state: of two calls made with the same ticket, the later answer would undo what the
   * earlier one recorded. The wait is abortable, and each attempt takes its own turn, so a call between two retries
   * does not block the others.
   */
  async call<Answer extends { outcome: string; ticket?: string | undefined }>(
    send: (ticket: string) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    while (this.#calling) await orAborted(this.#calling, signal);
    throwIfAborted(signal);
    const attempt = send(this.#ticket).then((answer) => {
      if (answer.ticket !== undefined) {
        this.#ticket = answer.ticket;
        this.onTicket();
      }
      return answer;
    });
    const turn = attempt.then(
      () => {},
      () => {},
    );
    this.#calling = turn;
    // Registered before anything waits for the turn, so that the next caller finds it free.
    void turn.then(() => (this.#calling = undefined));
    return attempt;
  }

  keep(requests: readonly SignedRequest[], elapsedNow: number): void {
    for (const request of requests) {
      this.requests.set(request.partNumber, { request, expiresAtElapsed: elapsedNow + request.expiresInMs });
    }
  }
}

import type { SignedRequest, Transfer, UploadSession } from '../protocol/index.js';
import { PartLedger } from './parts/ledger.js';
import { pinnedPlan, planParts } from './parts/plan.js';

/** A signed request and when it stops being of use, on the clock that nobody can turn. */
export interface FreshRequest {
  readonly request: SignedRequest;
  readonly expiresAtElapsed: number;
}

/** What a running upload holds of its server-side counterpart. */
export class ActiveSession {
  ticket: string;
  /** Some services name the media only when the upload is confirmed. */
  mediaId: string | undefined;
  readonly transfer: Transfer;
  readonly ledger: PartLedger;
  readonly isResumed: boolean;
  /** Signed and not used yet, by part number. */
  readonly requests = new Map<number, FreshRequest>();
  /** MD5s known before their part is stored: from the check of a small file, or of an earlier visit. */
  readonly knownMd5s = new Map<number, string>();
  /** A finish call may have gone through unheard. */
  mayHaveFinished = false;
  /** The endpoint has said that it did. */
  isConfirmed = false;

  constructor(
    {
      ticket,
      mediaId,
      transfer,
    }: Pick<UploadSession, 'ticket' | 'transfer'> & { mediaId?: string | undefined },
    sizeBytes: number,
    { isResumed = false, partSizeBytes }: { isResumed?: boolean; partSizeBytes?: number } = {},
  ) {
    this.ticket = ticket;
    this.mediaId = mediaId;
    this.transfer = transfer;
    this.isResumed = isResumed;
    this.ledger = new PartLedger(
      partSizeBytes ? pinnedPlan(sizeBytes, partSizeBytes) : planParts(sizeBytes, transfer),
    );
  }

  get isETagMd5(): boolean {
    return this.transfer.eTag !== 'opaque';
  }

  keep(requests: readonly SignedRequest[], elapsedNow: number): void {
    for (const request of requests) {
      this.requests.set(request.partNumber, { request, expiresAtElapsed: elapsedNow + request.expiresInMs });
    }
  }
}

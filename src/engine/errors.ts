import type { ProblemCode } from '../protocol/index.js';

/** What can end an upload, beyond what the endpoint answers. Stable: user texts and tests switch on them. */
export type UploadErrorCode =
  | ProblemCode
  /** It was proven that the bytes differ from those read before. */
  | 'file-changed'
  /**
   * The browser cannot read the file: moved, deleted, written to, disk gone, permission lost. An upload waits for it.
   */
  | 'file-unreadable'
  /** `headers` of the host has answered something that no request can carry, such as a value with a line break. */
  | 'headers-invalid'
  /** No answer although the browser believes to be online: blocked, wrong address, or CORS. */
  | 'endpoint-unreachable'
  /** The endpoint answered something that is not this protocol (an HTML page, say). */
  | 'endpoint-invalid-reply'
  /** No answer from the store: blocked, or its CORS rules refuse this page. */
  | 'store-unreachable'
  /** The store refused a part for a reason that repeating does not change, or refused several signatures of a part. */
  | 'store-refused'
  /** The store kept failing (5xx, 429) until the budget was used up. */
  | 'store-unavailable'
  /** A part arrived damaged again and again. */
  | 'checksum-mismatch'
  /** The store's list and what was sent would not agree. */
  | 'parts-differ'
  /** The tab that was sending it is gone, and what became of it is not known here. */
  | 'tab-closed'
  /** The media service reports that processing failed; its own words are in `detail`. */
  | 'media-failed'
  /** A part of this library could not be loaded, as after a deploy that has removed it: the page has to be reloaded. */
  | 'code-unavailable';

/** What the cloud itself said. */
export interface VendorDetails {
  code?: string | undefined;
  requestId?: string | undefined;
}

/** What an {@link UploadError} knows beside its code. */
export interface UploadErrorOptions {
  /** For developers and "copy details": no URL query, key, ticket or signature. */
  detail?: string | undefined;
  /** HTTP status, where there was one. */
  status?: number | undefined;
  partNumber?: number | undefined;
  /** How many times it was tried. */
  attempts?: number | undefined;
  vendor?: VendorDetails | undefined;
  /** In place of what the code says. */
  isResumable?: boolean | undefined;
  cause?: unknown;
}

/** Why an upload failed. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: UploadErrorCode;
  /** Whether `retry` can go on from where it stopped; otherwise the upload starts from nothing. */
  readonly isResumable: boolean;
  readonly detail: string | undefined;
  readonly status: number | undefined;
  readonly partNumber: number | undefined;
  readonly attempts: number | undefined;
  readonly vendor: VendorDetails | undefined;

  constructor(
    code: UploadErrorCode,
    { detail, status, partNumber, attempts, vendor, isResumable, cause }: UploadErrorOptions = {},
  ) {
    super(detail ? `${code}: ${detail}` : code, { cause });
    this.code = code;
    this.isResumable = isResumable ?? !endsSession.has(code);
    this.detail = detail;
    this.status = status;
    this.partNumber = partNumber;
    this.attempts = attempts;
    this.vendor = vendor;
  }
}

/** The endpoint refuses this caller, or this caller now: the upload itself is in order, and stays as it is. */
export function isNotOurs(code: UploadErrorCode): boolean {
  return code === 'ticket-foreign' || code === 'unauthorized' || code === 'forbidden';
}

/** An error of another kind becomes `internal`. */
export function asUploadError(error: unknown): UploadError {
  if (error instanceof UploadError) return error;
  const detail = error instanceof Error ? error.name : 'unknown';
  return new UploadError('internal', { detail, cause: error });
}

/** These pass by themselves: a failed upload goes on when the browser comes online. */
export const passingErrors: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'endpoint-unreachable',
  'endpoint-invalid-reply',
  'store-unreachable',
  'store-unavailable',
  'vendor-throttled',
  'vendor-unavailable',
  'vendor-invalid-reply',
  'rate-limited',
  'code-unavailable',
  'internal',
]);

/** After these the session is of no use: what is stored is discarded, and a retry begins from nothing. */
const endsSession: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'file-changed',
  'ticket-expired',
  'ticket-invalid',
  'ticket-foreign',
  'upload-not-found',
  'media-not-found',
  'media-state-conflict',
  'media-failed',
  'file-refused',
  'link-refused',
  'import-failed',
  'import-lost',
  'provider-unknown',
]);

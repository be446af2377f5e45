import type { UploadError } from '../errors.js';

interface EndpointCallErrorOptions {
  isTransient?: boolean;
  isNoReply?: boolean;
  isDoubtful?: boolean;
  retryAfterMs?: number | undefined;
}

/** One call was refused or failed. `isTransient` means that the same call may succeed later. */
export class EndpointCallError extends Error {
  override readonly name = 'EndpointCallError';
  readonly error: UploadError;
  readonly isTransient: boolean;
  /** No answer at all: offline, blocked, or a wrong address. */
  readonly isNoReply: boolean;
  /** Transient if it is the endpoint that answers, but this page has never heard of it: the address may be wrong. */
  readonly isDoubtful: boolean;
  readonly retryAfterMs: number | undefined;

  /** Interrupted, or answered by a proxy: the call may have succeeded all the same. */
  get isUnheard(): boolean {
    return this.isTransient || this.error.code === 'endpoint-invalid-reply';
  }

  constructor(
    error: UploadError,
    {
      isTransient = false,
      isNoReply = false,
      isDoubtful = false,
      retryAfterMs,
    }: EndpointCallErrorOptions = {},
  ) {
    super(error.message, { cause: error });
    this.error = error;
    this.isTransient = isTransient;
    this.isNoReply = isNoReply;
    this.isDoubtful = isDoubtful;
    this.retryAfterMs = retryAfterMs;
  }
}

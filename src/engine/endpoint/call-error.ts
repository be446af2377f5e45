import type { UploadError } from '../errors.js';

/** One call was refused or failed. `isTransient` means that the same call may succeed later. */
export class EndpointCallError extends Error {
  override readonly name = 'EndpointCallError';
  readonly error: UploadError;
  readonly isTransient: boolean;
  /** No answer at all: offline, blocked, or a wrong address. */
  readonly isNoReply: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    error: UploadError,
    {
      isTransient = false,
      isNoReply = false,
      retryAfterMs,
    }: { isTransient?: boolean; isNoReply?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(error.message, { cause: error });
    this.error = error;
    this.isTransient = isTransient;
    this.isNoReply = isNoReply;
    this.retryAfterMs = retryAfterMs;
  }
}

import { createProblem, type Problem, type ProblemCode } from '../protocol/index.js';

/** What an {@link EndpointError} knows beside its code. */
export interface EndpointErrorOptions {
  /** For developers: what was attempted and what came back. Never a URL's query, a key, a ticket or a signature. */
  detail?: string;
  retryAfterMs?: number;
  /** The cloud's own code and request id. */
  vendor?: { code?: string; requestId?: string };
  cause?: unknown;
}

/** The one error that providers and the handler throw on purpose. Becomes problem details with the same `code`. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
  readonly code: ProblemCode;
  readonly retryAfterMs: number | undefined;
  readonly vendor: { code?: string; requestId?: string } | undefined;

  constructor(code: ProblemCode, { detail, retryAfterMs, vendor, cause }: EndpointErrorOptions = {}) {
    super(detail ?? code, { cause });
    this.code = code;
    // A host's own arithmetic may have failed; a header or JSON could not say it either.
    this.retryAfterMs =
      retryAfterMs !== undefined && retryAfterMs >= 0 && retryAfterMs < Infinity ? retryAfterMs : undefined;
    this.vendor = vendor;
  }

  toProblem(): Problem {
    return createProblem(this.code, {
      detail: this.message === this.code ? undefined : this.message,
      retryAfterMs: this.retryAfterMs,
      vendor: this.vendor,
    });
  }
}

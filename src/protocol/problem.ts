import * as v from 'valibot';

/**
 * Every problem code of the token endpoint. The codes are stable: host applications branch on them, and the widget
 * chooses its texts by them.
 */
export const problemCodes = [
  /** The JSON does not match the message's schema, or a value exceeds a documented limit. */
  'invalid-request',
  /** `authorize` returned no caller. The page should sign in again. */
  'unauthorized',
  /** The ticket has expired. The upload needs a new `start`. */
  'ticket-expired',
  /** This endpoint did not issue the ticket, or the ticket was altered. */
  'ticket-invalid',
  /** The ticket belongs to another caller, or the file to start was added by another one. */
  'ticket-foreign',
  /** `authorize` identified the caller and refused this operation. */
  'forbidden',
  /** `authorize` limits how often this caller may do this. Retryable; `retryAfterMs` says when. */
  'rate-limited',
  /** `authorize` refused the file because this caller's quota is used up. The page does not retry by itself. */
  'quota-exceeded',
  'not-found',
  'method-not-allowed',
  'payload-too-large',
  /** No provider with that id is registered. */
  'provider-unknown',
  /** The provider does not accept this file (type, size, name); `detail` gives the reason. */
  'file-refused',
  /** The link may not be imported: its scheme, address, length or type, or the host's own rule; `detail` says which. */
  'link-refused',
  /** The cloud could not pull the video from the link. */
  'import-failed',
  /**
   * The cloud has taken the link once, but the answer that names the import was lost and cannot be had again: the video
   * appears in its library, and is not followed here. A repeat would import it twice.
   */
  'import-lost',
  /** The cloud does not accept the endpoint's keys. Only the operator of the endpoint can fix that. */
  'vendor-credentials',
  /** The cloud refused the operation for a reason that a retry does not change. */
  'vendor-refused',
  /** The cloud limits the request rate. Retryable. */
  'vendor-throttled',
  /** The cloud did not answer, or answered 5xx. Retryable. */
  'vendor-unavailable',
  /** The endpoint could not parse the cloud's reply. */
  'vendor-invalid-reply',
  /** The media service does not know this media id. */
  'media-not-found',
  /** The media service denies the endpoint's keys access to this media id. Only the endpoint's operator can fix that. */
  'media-forbidden',
  /** The media is in a state that does not allow the operation. */
  'media-state-conflict',
  /** The store no longer knows the multipart upload (aborted, or removed by a lifecycle rule). */
  'upload-not-found',
  /** The endpoint or the provider does not support the operation. */
  'not-supported',
  'internal',
] as const;

/** The code of a failure that the endpoint answers with. */
export type ProblemCode = (typeof problemCodes)[number];

/** Codes after which the same call can succeed later. */
export const retryableProblems: ReadonlySet<ProblemCode> = new Set([
  'rate-limited',
  'vendor-throttled',
  'vendor-unavailable',
  'internal',
]);

/** The HTTP status of each; only the endpoint needs it, and what checks one. */
export const problemStatus: Readonly<Record<ProblemCode, number>> = {
  'invalid-request': 400,
  unauthorized: 401,
  'ticket-expired': 401,
  'ticket-invalid': 401,
  'ticket-foreign': 403,
  forbidden: 403,
  'rate-limited': 429,
  'quota-exceeded': 429,
  'not-found': 404,
  'method-not-allowed': 405,
  'payload-too-large': 413,
  'provider-unknown': 404,
  'file-refused': 422,
  'link-refused': 422,
  'import-failed': 502,
  'import-lost': 409,
  'vendor-credentials': 502,
  'vendor-refused': 502,
  'vendor-throttled': 503,
  'vendor-unavailable': 503,
  'vendor-invalid-reply': 502,
  'media-not-found': 404,
  'media-forbidden': 403,
  'media-state-conflict': 409,
  'upload-not-found': 410,
  'not-supported': 501,
  internal: 500,
};

/**
 * RFC 9457 problem details. `detail` is for developers and contains no secret; the widget chooses user texts by `code`.
 * `vendor` contains the cloud's error code and request id, for support.
 */
export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.picklist(problemCodes),
  detail: v.optional(v.string()),
  /** The delay before a retry, in ms, when `authorize` or the cloud specified one. */
  retryAfterMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  vendor: v.optional(v.object({ code: v.optional(v.string()), requestId: v.optional(v.string()) })),
});
/** The body of a failed answer (RFC 9457). */
export type Problem = v.InferOutput<typeof problemSchema>;

export const problemContentType = 'application/problem+json';

/** Builds the problem for `code`; the title is the code with spaces for hyphens. */
export function createProblem(
  code: ProblemCode,
  rest: Pick<Problem, 'detail' | 'retryAfterMs' | 'vendor'> = {},
): Problem {
  return {
    type: `urn:vodrop:problem:${code}`,
    title: code.replaceAll('-', ' '),
    status: problemStatus[code],
    code,
    ...rest,
  };
}

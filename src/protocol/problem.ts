import * as v from 'valibot';

/**
 * Every code the token endpoint can answer with. Stable: hosts switch on them, texts are chosen from them.
 * One table (`problemStatus`) gives the HTTP status of each.
 */
export const problemStatus = {
  /** The JSON does not fit the message's schema, or a value breaks a documented limit. */
  'invalid-request': 400,
  /** `authorize` named no caller. The page should sign in again. */
  unauthorized: 401,
  /** The ticket is past its lifetime. A fresh start is needed. */
  'ticket-expired': 401,
  /** The ticket was not made by this endpoint, or was altered. */
  'ticket-invalid': 401,
  /** The ticket belongs to another caller. */
  'ticket-foreign': 403,
  /** `authorize` knows the caller and refuses this operation. */
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'payload-too-large': 413,
  /** No provider of that id is registered. */
  'provider-unknown': 404,
  /** The provider cannot take this file (type, size, name); `detail` says why. */
  'file-refused': 422,
  /** The cloud does not accept the endpoint's own keys. Only its operator can mend that. */
  'vendor-credentials': 502,
  /** The cloud refused the operation for a reason that repeating will not change. */
  'vendor-refused': 502,
  /** The cloud asks for a slower pace. Retryable. */
  'vendor-throttled': 503,
  /** The cloud did not answer, or answered 5xx. Retryable. */
  'vendor-unavailable': 503,
  /** The cloud's answer could not be understood. */
  'vendor-invalid-reply': 502,
  /** The media service does not know this media id. */
  'media-not-found': 404,
  /** The media service keeps this media id from the endpoint's keys. Only its operator can mend that. */
  'media-forbidden': 403,
  /** The media is in a state that does not allow the operation. */
  'media-state-conflict': 409,
  /** The store no longer knows the multipart upload (aborted, or removed by a lifecycle rule). */
  'upload-not-found': 410,
  /** What this endpoint or provider does not offer. */
  'not-supported': 501,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof problemStatus;

/** Codes for which the same call may succeed a little later. */
export const retryableProblems: ReadonlySet<ProblemCode> = new Set([
  'vendor-throttled',
  'vendor-unavailable',
  'internal',
]);

const codes = Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]];

/**
 * RFC 9457 problem details. `detail` is for developers and names no secret; user texts are chosen from `code`.
 * `vendor` carries the cloud's own code and request id, for support.
 */
export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.picklist(codes),
  detail: v.optional(v.string()),
  /** How long to wait before asking again, in ms, where the cloud said so. */
  retryAfterMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  vendor: v.optional(v.object({ code: v.optional(v.string()), requestId: v.optional(v.string()) })),
});
export type Problem = v.InferOutput<typeof problemSchema>;

export const problemContentType = 'application/problem+json';

/** Builds the problem for `code`; the title is the code in words. */
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

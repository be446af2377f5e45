import type { ProblemCode } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { retryAfterMs, type VendorReply } from '../http.js';

const maxVendorTextLength = 100;

/**
 * A vendor's error code or request id that is fit for messages, logs and problems, or `undefined`. A reply may come from
 * anything on the way and may repeat what was sent: markup, control characters, URLs and long texts are dropped.
 */
export function safeVendorText(text: string | null | undefined): string | undefined {
  if (!text || text.length > maxVendorTextLength) return undefined;
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : undefined;
}

/** Problem codes by the vendor's error codes. */
export type ProblemTable = Readonly<Record<string, ProblemCode>>;

/** `undefined` for a code that is not in the table; names that every object inherits are not in it. */
export function lookUpProblem(table: ProblemTable, code: string | null | undefined): ProblemCode | undefined {
  return code && Object.hasOwn(table, code) ? table[code] : undefined;
}

/** What some statuses mean to one vendor. `below400`: a redirect, or an error in a reply of status 200. */
export type StatusTable = Readonly<Partial<Record<number | 'below400', ProblemCode>>>;

export function problemOfStatus(status: number, special: StatusTable = {}): ProblemCode {
  const known = special[status];
  if (known) return known;
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  return status < 400 ? (special.below400 ?? 'vendor-invalid-reply') : 'vendor-refused';
}

export interface RefusalOptions {
  /** What was being attempted. */
  readonly what: string;
  readonly nowMs: number;
  /** Default by the reply's status. */
  readonly problem?: ProblemCode | undefined;
  /** As they came; unsafe ones are left out. */
  readonly code?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  /** More for the detail, of safe characters only. */
  readonly note?: string;
}

/** The error that a refused call stands for. The vendor's own words are left out: they may repeat a key that was sent. */
export function refusalOf(reply: VendorReply, options: RefusalOptions): EndpointError {
  const { what, nowMs, problem = problemOfStatus(reply.status), note = '' } = options;
  const code = safeVendorText(options.code);
  return new EndpointError(problem, {
    detail: `${what}: HTTP ${reply.status}${code ? ` ${code}` : ''}${note}`,
    vendor: vendorOf(options),
    retryAfterMs: retryAfterMs(reply.headers, nowMs),
  });
}

/** `vendor` of an error: what is safe of it. */
export function vendorOf({ code, requestId }: Pick<RefusalOptions, 'code' | 'requestId'>): {
  code?: string;
  requestId?: string;
} {
  return { code: safeVendorText(code), requestId: safeVendorText(requestId) };
}

/** Whether `error` carries one of these codes of the vendor's. */
export function hasVendorCode(error: unknown, ...codes: readonly string[]): error is EndpointError {
  return error instanceof EndpointError && codes.includes(error.vendor?.code ?? '');
}

/** Whether `error` is an `EndpointError` with one of these problem codes. */
export function hasProblem(error: unknown, ...codes: readonly ProblemCode[]): error is EndpointError {
  return error instanceof EndpointError && codes.includes(error.code);
}

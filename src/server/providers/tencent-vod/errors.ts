import type { ProblemCode } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { retryAfterMs, type VendorReply } from '../../http.js';
import { parseXml, storeErrorSchema } from '../../store-xml.js';

/**
 * API 3.0, "Common Error Codes", with the codes of ApplyUpload, CommitUpload and DescribeMediaInfos. A code that is not
 * in here counts as its family, which is what stands before the dot.
 */
const vodProblems: Readonly<Record<string, ProblemCode>> = {
  ActionOffline: 'vendor-refused',
  AuthFailure: 'vendor-credentials',
  DryRunOperation: 'vendor-refused',
  FailedOperation: 'vendor-refused',
  'FailedOperation.InvalidVodUser': 'vendor-credentials',
  InternalError: 'vendor-unavailable',
  InvalidAction: 'vendor-refused',
  InvalidParameter: 'vendor-refused',
  'InvalidParameter.ExpireTime': 'invalid-request',
  InvalidParameterValue: 'vendor-refused',
  'InvalidParameterValue.CoverType': 'file-refused',
  'InvalidParameterValue.ExpireTime': 'invalid-request',
  'InvalidParameterValue.MediaType': 'file-refused',
  'InvalidParameterValue.VodSessionKey': 'media-state-conflict',
  InvalidRequest: 'vendor-refused',
  IpInBlacklist: 'vendor-credentials',
  IpNotInWhitelist: 'vendor-credentials',
  LimitExceeded: 'vendor-refused',
  MissingParameter: 'vendor-refused',
  NoSuchProduct: 'vendor-refused',
  NoSuchVersion: 'vendor-refused',
  RequestLimitExceeded: 'vendor-throttled',
  RequestSizeLimitExceeded: 'vendor-refused',
  ResourceInUse: 'media-state-conflict',
  ResourceInsufficient: 'vendor-unavailable',
  // Of the calls made here only CommitUpload answers it, for an object that is not there.
  ResourceNotFound: 'upload-not-found',
  ResourceUnavailable: 'vendor-refused',
  ResponseSizeLimitExceeded: 'vendor-refused',
  ServiceUnavailable: 'vendor-unavailable',
  UnauthorizedOperation: 'vendor-credentials',
  UnknownParameter: 'vendor-refused',
  UnsupportedOperation: 'vendor-refused',
  UnsupportedProtocol: 'vendor-refused',
  UnsupportedRegion: 'vendor-refused',
};

/** COS, "Error Codes". The keys are VOD's temporary ones, so a refused signature is not the operator's doing. */
const cosProblems: Readonly<Record<string, ProblemCode>> = {
  NoSuchUpload: 'upload-not-found',
  NoSuchKey: 'upload-not-found',
  ExpiredToken: 'upload-not-found',
  NoSuchBucket: 'vendor-refused',
  RequestTimeOut: 'vendor-unavailable',
  OperationAborted: 'vendor-unavailable',
  InternalError: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
  SlowDown: 'vendor-throttled',
};

/** The error that `Response.Error` stands for. The vendor's words stay out: they may repeat what was sent. */
export function vodError(code: string, requestId: string | null | undefined, what: string): EndpointError {
  const problem = vodProblems[code] ?? vodProblems[code.split('.')[0] ?? ''] ?? 'vendor-refused';
  return new EndpointError(problem, {
    detail: `${what}: ${safeCode(code)}`,
    vendor: { code: safeCode(code), ...(requestId && { requestId }) },
  });
}

/** The API answers 200 always; another status comes from something in between, without a code. */
export function transportError({ status, headers }: VendorReply, what: string, nowMs: number): EndpointError {
  const retryAfter = retryAfterMs(headers, nowMs);
  return new EndpointError(byStatus(status), {
    detail: `${what}: HTTP ${status}`,
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  });
}

/** The error that a refused call to the store stands for; its body is XML, and may be absent. */
export function cosError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const body = parseXml(storeErrorSchema, reply.text)?.Error;
  const requestId = body?.RequestId ?? reply.headers.get('x-cos-request-id');
  const status = byStatus(reply.status);
  const problem = (body && cosProblems[body.Code]) ?? (reply.status === 404 ? 'upload-not-found' : status);
  const retryAfter = retryAfterMs(reply.headers, nowMs);
  return new EndpointError(problem, {
    detail: `${what}: HTTP ${reply.status}${body ? ` ${safeCode(body.Code)}` : ''}`,
    vendor: { ...(body && { code: safeCode(body.Code) }), ...(requestId && { requestId }) },
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  });
}

/** A temporary key may list parts and read its object, or may not: the pages do not say. */
export function isDenied(error: unknown): boolean {
  return error instanceof EndpointError && error.vendor?.code === 'AccessDenied';
}

/** A refusal can come with a 200 where the store had answered before it knew. */
function byStatus(status: number): ProblemCode {
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  return status < 400 ? 'vendor-invalid-reply' : 'vendor-refused';
}

function safeCode(code: string): string {
  return /^[A-Za-z0-9._]{1,100}$/.test(code) ? code : 'an unreadable code';
}

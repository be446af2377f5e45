import * as v from 'valibot';
import type { ProblemCode } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { retryAfterMs, type VendorReply } from '../../http.js';
import { parseXml, storeErrorSchema } from '../../store-xml.js';
import { errorSchema } from './wire.js';

/** "Error codes" of VOD and of the gateway in front of it. Codes that are not in here are told apart by their HTTP status. */
const vodProblems: Readonly<Record<string, ProblemCode>> = {
  AccessDenied: 'vendor-credentials',
  AddVideoFailed: 'vendor-unavailable',
  DeleteVideoFailed: 'vendor-unavailable',
  Forbidden: 'vendor-credentials',
  'Forbidden.AliyunVoDEncryption': 'vendor-refused',
  'Forbidden.IllegalStatus': 'media-state-conflict',
  'Forbidden.InitFailed': 'vendor-credentials',
  'Forbidden.RAM': 'vendor-credentials',
  IllegalCharacters: 'vendor-refused',
  IncompleteSignature: 'vendor-credentials',
  InternalError: 'vendor-unavailable',
  'InvalidAccessKeyId.Inactive': 'vendor-credentials',
  'InvalidAccessKeyId.NotFound': 'vendor-credentials',
  'InvalidAction.NotFound': 'vendor-refused',
  'InvalidFile.NotFound': 'media-not-found',
  'InvalidFileName.Extension': 'file-refused',
  'InvalidMultipartUpload.NotFound': 'upload-not-found',
  InvalidParameter: 'vendor-refused',
  'InvalidSecurityToken.Expired': 'vendor-credentials',
  'InvalidSecurityToken.Malformed': 'vendor-credentials',
  'InvalidSecurityToken.MismatchWithAccessKey': 'vendor-credentials',
  'InvalidStorage.NotFound': 'vendor-refused',
  'InvalidTemplateGroupId.NotFound': 'vendor-refused',
  'InvalidTimeStamp.Expired': 'vendor-credentials',
  'InvalidTimeStamp.Format': 'vendor-refused',
  InvalidVersion: 'vendor-refused',
  'InvalidVideo.Damaged': 'media-state-conflict',
  'InvalidVideo.NoneStream': 'vendor-refused',
  'InvalidVideo.NotFound': 'media-not-found',
  LengthExceededMax: 'vendor-refused',
  'LimitExceeded.MediaIds': 'vendor-refused',
  MissingParameter: 'vendor-refused',
  MissingSecurityToken: 'vendor-credentials',
  NoPermission: 'vendor-credentials',
  OperationDenied: 'vendor-credentials',
  'OperationDenied.Suspended': 'vendor-credentials',
  ServiceUnAvailable: 'vendor-unavailable',
  SignatureDoesNotMatch: 'vendor-credentials',
  // A nonce is used once for each attempt: somebody else's is in the way, and a new one will do.
  SignatureNonceUsed: 'vendor-throttled',
  TagsExceededMax: 'vendor-refused',
  VideoIdsExceededMax: 'vendor-refused',
};

/** OSS, "Error codes". The keys of these requests are the service's, so a refused signature is not the operator's doing. */
const ossProblems: Readonly<Record<string, ProblemCode>> = {
  InternalError: 'vendor-unavailable',
  NoSuchKey: 'upload-not-found',
  NoSuchUpload: 'upload-not-found',
  RequestTimeout: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
};

/** Codes by which the store says that temporary keys have run out: renewed ones will do. */
const staleKeyCodes: ReadonlySet<string> = new Set([
  'SecurityTokenExpired',
  'InvalidSecurityToken',
  'InvalidAccessKeyId',
]);

/** The error that a refused call to VOD stands for. */
export function vodError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorSchema), reply.text);
  const { Code: code, RequestId } = parsed.success ? parsed.output : {};
  const requestId = RequestId ?? reply.headers.get('x-acs-request-id');
  const known = code ? (/^Throttling\b/.test(code) ? 'vendor-throttled' : vodProblems[code]) : undefined;
  return refusal(
    known ?? byStatus(reply.status),
    `${what}: HTTP ${reply.status}${code ? ` ${code}` : ''}`,
    { code, requestId },
    retryAfterMs(reply.headers, nowMs),
  );
}

/** The error that a refused call to the store stands for; its body is XML, and may be absent. */
export function ossError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const body = parseXml(storeErrorSchema, reply.text)?.Error;
  const requestId = body?.RequestId ?? reply.headers.get('x-oss-request-id');
  const status = byStatus(reply.status);
  const problem =
    (body ? ossProblems[body.Code] : undefined) ??
    (status === 'vendor-credentials' ? 'vendor-refused' : status);
  return refusal(
    problem,
    `${what}: HTTP ${reply.status}${body ? ` ${body.Code}` : ''}`,
    { code: body?.Code, requestId },
    retryAfterMs(reply.headers, nowMs),
  );
}

export function hasCode(error: unknown, ...codes: string[]): error is EndpointError {
  return error instanceof EndpointError && codes.includes(error.vendor?.code ?? '');
}

/** The keys of the upload have run out, or the URL made of them has. */
export function isStale(error: unknown): boolean {
  return error instanceof EndpointError && staleKeyCodes.has(error.vendor?.code ?? '');
}

function byStatus(status: number): ProblemCode {
  if (status === 401) return 'vendor-credentials';
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  return status < 400 ? 'vendor-invalid-reply' : 'vendor-refused';
}

function refusal(
  problem: ProblemCode,
  detail: string,
  vendor: { code?: string | null | undefined; requestId?: string | null | undefined },
  retryAfter: number | undefined,
): EndpointError {
  return new EndpointError(problem, {
    detail,
    vendor: {
      ...(vendor.code && { code: vendor.code }),
      ...(vendor.requestId && { requestId: vendor.requestId }),
    },
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  });
}

import * as v from 'valibot';
import type { EndpointError } from '../../errors.js';
import type { VendorReply } from '../../http.js';
import {
  hasVendorCode,
  lookUpProblem,
  problemOfStatus,
  refusalOf,
  type ProblemTable,
} from '../../kit/refusal.js';
import { storeError } from '../../store/error.js';
import { errorSchema } from './wire.js';

/** "Error codes" of VOD and of the gateway in front of it. For codes that are not in here the HTTP status decides. */
const vodProblems: ProblemTable = {
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
  'InvalidParameter.UploadURLs': 'vendor-refused',
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
  // A nonce is used once for each attempt: another caller has used the same one, and a new one will do.
  SignatureNonceUsed: 'vendor-throttled',
  TagsExceededMax: 'vendor-refused',
  VideoIdsExceededMax: 'vendor-refused',
};

/** OSS, "Error codes". The keys of these requests are the service's, so a refused signature is not the operator's fault. */
const ossProblems: ProblemTable = {
  InternalError: 'vendor-unavailable',
  NoSuchKey: 'upload-not-found',
  NoSuchUpload: 'upload-not-found',
  RequestTimeout: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
};

/** The error that a refused call to VOD stands for. */
export function vodError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorSchema), reply.text);
  const { Code: code, RequestId } = parsed.success ? parsed.output : {};
  const isThrottled = code ? /^Throttling\b/.test(code) : false;
  return refusalOf(reply, {
    what,
    nowMs,
    problem: isThrottled
      ? 'vendor-throttled'
      : (lookUpProblem(vodProblems, code) ?? problemOfStatus(reply.status, { 401: 'vendor-credentials' })),
    code,
    requestId: RequestId ?? reply.headers.get('x-acs-request-id'),
  });
}

/** The error that a refused call to the store stands for. */
export function ossError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  return storeError(reply, { codes: ossProblems, requestIdHeaders: ['x-oss-request-id'] }, { what, nowMs });
}

/** The temporary keys of the upload have expired, or the URL signed with them has: renewed keys will do. */
export function isStale(error: unknown): boolean {
  return hasVendorCode(
    error,
    'SecurityTokenExpired',
    'InvalidSecurityToken',
    'InvalidAccessKeyId',
    'RequestTimeTooSkewed',
  );
}

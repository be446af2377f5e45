import type { ProblemCode } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { retryAfterMs, type VendorReply } from '../../http.js';
import { parseXml, storeErrorSchema } from '../../store-xml.js';

/** S3 API reference, "Error responses". Codes that are not in here are told apart by their HTTP status. */
const problems: Readonly<Record<string, ProblemCode>> = {
  AccessDenied: 'vendor-credentials',
  AllAccessDisabled: 'vendor-credentials',
  AuthorizationHeaderMalformed: 'vendor-credentials',
  ExpiredToken: 'vendor-credentials',
  InvalidAccessKeyId: 'vendor-credentials',
  InvalidToken: 'vendor-credentials',
  NoSuchBucket: 'vendor-credentials',
  NotSignedUp: 'vendor-credentials',
  PermanentRedirect: 'vendor-credentials',
  RequestTimeTooSkewed: 'vendor-credentials',
  SignatureDoesNotMatch: 'vendor-credentials',
  NoSuchKey: 'upload-not-found',
  NoSuchUpload: 'upload-not-found',
  BadDigest: 'vendor-refused',
  EntityTooLarge: 'file-refused',
  EntityTooSmall: 'vendor-refused',
  InvalidArgument: 'vendor-refused',
  InvalidPart: 'vendor-refused',
  InvalidPartOrder: 'vendor-refused',
  InvalidRequest: 'vendor-refused',
  KeyTooLongError: 'file-refused',
  MalformedXML: 'vendor-refused',
  NotImplemented: 'vendor-refused',
  InternalError: 'vendor-unavailable',
  OperationAborted: 'vendor-unavailable',
  RequestTimeout: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
  RequestLimitExceeded: 'vendor-throttled',
  SlowDown: 'vendor-throttled',
  Throttling: 'vendor-throttled',
  ThrottlingException: 'vendor-throttled',
  TooManyRequests: 'vendor-throttled',
};

/** The error that a refused call stands for; its body is XML, and absent from the answer to a HEAD. */
export function s3Error(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const body = parseXml(storeErrorSchema, reply.text)?.Error;
  const requestId = body?.RequestId ?? reply.headers.get('x-amz-request-id');
  const delayMs = retryAfterMs(reply.headers, nowMs);
  return new EndpointError((body && problems[body.Code]) ?? byStatus(reply.status), {
    detail: `${what}: HTTP ${reply.status}${body ? ` ${body.Code}` : ''}`,
    vendor: { ...(body && { code: body.Code }), ...(requestId && { requestId }) },
    ...(delayMs !== undefined && { retryAfterMs: delayMs }),
  });
}

function byStatus(status: number): ProblemCode {
  if (status === 401 || status === 403) return 'vendor-credentials';
  if (status === 404) return 'upload-not-found';
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  // A redirect is another region's way of saying that the region is wrong.
  return status < 400 ? 'vendor-credentials' : 'vendor-refused';
}

import type { EndpointError } from '../../errors.js';
import type { VendorReply } from '../../http.js';
import type { ProblemTable } from '../../kit/refusal.js';
import { storeError } from '../../store/error.js';

/** S3 API reference, "Error responses". For codes that are not in here the HTTP status decides. */
const problems: ProblemTable = {
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

/** The error that a refused call stands for. */
export function s3Error(reply: VendorReply, what: string, nowMs: number): EndpointError {
  return storeError(
    reply,
    {
      codes: problems,
      statuses: {
        401: 'vendor-credentials',
        403: 'vendor-credentials',
        404: 'upload-not-found',
        // A redirect is another region's way of saying that the region is wrong.
        below400: 'vendor-credentials',
      },
      requestIdHeaders: ['x-amz-request-id'],
    },
    { what, nowMs },
  );
}

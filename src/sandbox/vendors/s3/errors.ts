import { s3Errors, type S3ErrorCode } from '../../../vendors/s3.js';

/** "Error responses": messages that say more than the code. */
const messages: Partial<Record<S3ErrorCode, string>> = {
  AccessDenied: 'Access Denied',
  AccessForbidden:
    "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
  BadDigest: 'The Content-MD5 or checksum value that you specified did not match what the server received.',
  BadRequest: 'Insufficient information. Origin request header needed.',
  EntityTooLarge: 'Your proposed upload exceeds the maximum allowed object size.',
  EntityTooSmall: 'Your proposed upload is smaller than the minimum allowed size',
  ExpiredToken: 'The provided token has expired.',
  IncompleteBody: 'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  InternalError: 'We encountered an internal error. Please try again.',
  InvalidAccessKeyId: 'The AWS Access Key Id you provided does not exist in our records.',
  InvalidDigest: 'The Content-MD5 you specified is not valid.',
  InvalidPart:
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  InvalidPartOrder: 'The list of parts was not in ascending order. Parts must be ordered by part number.',
  InvalidToken: 'The provided token is malformed or otherwise invalid.',
  KeyTooLongError: 'Your key is too long.',
  MalformedXML: 'The XML you provided was not well-formed or did not validate against our published schema.',
  MissingContentLength: 'You must provide the Content-Length HTTP header.',
  NotImplemented: 'A header or query you provided implies functionality that is not implemented.',
  PreconditionFailed: 'At least one of the pre-conditions you specified did not hold',
  InvalidPartNumber: 'The requested partnumber is not satisfiable',
  MetadataTooLarge: 'Your metadata headers exceed the maximum allowed metadata size',
  NoSuchBucket: 'The specified bucket does not exist.',
  NoSuchKey: 'The specified key does not exist.',
  NoSuchUpload:
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  RequestTimeTooSkewed: 'The difference between the request time and the current time is too large.',
  RequestTimeout:
    'Your socket connection to the server was not read from or written to within the timeout period.',
  SignatureDoesNotMatch:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  SlowDown: 'Please reduce your request rate.',
  XAmzContentSHA256Mismatch: "The provided 'x-amz-content-sha256' header does not match what was computed.",
};

/** A refusal that the client gets as XML. */
export class S3Error extends Error {
  override name = 'S3Error';
  readonly code: S3ErrorCode;
  /** Further elements of the document. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: S3ErrorCode,
    options: { message?: string | undefined; details?: Record<string, string> } = {},
  ) {
    super(options.message ?? messages[code] ?? code);
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return s3Errors[this.code];
  }
}

export function isS3ErrorCode(code: string): code is S3ErrorCode {
  return Object.hasOwn(s3Errors, code);
}

/** The usual code of a status; for fault rules that name only the status. */
export function usualCode(status: number): S3ErrorCode {
  const usual: Record<number, S3ErrorCode> = {
    400: 'InvalidArgument',
    403: 'AccessDenied',
    404: 'NoSuchKey',
    405: 'MethodNotAllowed',
    408: 'RequestTimeout',
    409: 'OperationAborted',
    411: 'MissingContentLength',
    416: 'InvalidRange',
    429: 'SlowDown',
    501: 'NotImplemented',
    503: 'ServiceUnavailable',
  };
  return usual[status] ?? (status >= 500 ? 'InternalError' : 'InvalidArgument');
}

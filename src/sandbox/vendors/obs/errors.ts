/** OBS API reference, "Error Codes": status and text of every code that the emulated operations can answer. */
export const obsErrors = {
  AccessDenied: [403, 'Access Denied'],
  AccessForbidden: [
    403,
    "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
  ],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BadRequest: [400, 'Insufficient information. Origin request header needed.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  IncompleteBody: [
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The OBS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.",
  ],
  InvalidPartOrder: [
    400,
    'The list of parts was not in ascending order. Parts list must be specified in order by part number.',
  ],
  InvalidRange: [416, 'The requested range cannot be satisfied.'],
  InvalidRequestBody: [400, 'The request body is invalid.'],
  MalformedXML: [
    400,
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingRequestBodyError: [400, 'Request body is empty.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [
    404,
    'The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NotImplemented: [501, 'A header or query you provided implies functionality that is not implemented.'],
  ObjectAlreadyExists: [409, 'The object you specified already exists and can not be overwritten.'],
  OperationAborted: [
    409,
    'A conflicting conditional operation is currently in progress against this resource. Try again.',
  ],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold.'],
  RequestTimeout: [
    408,
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  ServiceUnavailable: [503, 'Please reduce your request rate.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  SlowDown: [503, 'Please reduce your request rate.'],
  TooManyWrongSignature: [400, 'The request is rejected due to high frequency of wrong signature.'],
  VirtualHostDomainRequired: [403, 'Virtual host domain is required.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ObsErrorCode = keyof typeof obsErrors;

/** A refusal that the client gets as XML. */
export class ObsError extends Error {
  override name = 'ObsError';
  readonly code: ObsErrorCode;
  /** Further elements of the document. */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: ObsErrorCode, options: { message?: string; details?: Record<string, string> } = {}) {
    super(options.message ?? obsErrors[code][1]);
    this.code = code;
    this.details = options.details ?? {};
  }
}

export function isObsErrorCode(code: string): code is ObsErrorCode {
  return Object.hasOwn(obsErrors, code);
}

/** The usual code of a status; for fault rules that name only the status. */
export function usualCode(status: number): ObsErrorCode {
  const usual: Record<number, ObsErrorCode> = {
    400: 'InvalidArgument',
    403: 'AccessDenied',
    404: 'NoSuchKey',
    405: 'MethodNotAllowed',
    408: 'RequestTimeout',
    409: 'OperationAborted',
    411: 'MissingContentLength',
    416: 'InvalidRange',
    503: 'ServiceUnavailable',
  };
  return usual[status] ?? (status >= 500 ? 'InternalError' : 'InvalidArgument');
}

/** OSS, "Error codes": status and text of every code that the emulated operations can answer. */
export const ossErrors = {
  AccessDenied: [403, 'You have no right to access this object.'],
  AccessForbidden: [
    403,
    "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  ],
  AccessKeyIdAndSecurityTokenNotMatch: [
    403,
    'The security token you provided does not match the access key id.',
  ],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload smaller than the minimum allowed size.'],
  FileAlreadyExists: [409, 'The object you specified already exists and can not be overwritten.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The OSS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  ],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range cannot be satisfied.'],
  InvalidSecurityToken: [403, 'The security token you provided is invalid.'],
  MalformedXML: [
    400,
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NotImplemented: [501, 'A header or query you provided implies functionality that is not implemented.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  RequestTimeout: [
    400,
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ],
  SecondLevelDomainForbidden: [403, 'Please use virtual hosted style to access.'],
  SecurityTokenExpired: [403, 'The security token you provided has expired.'],
  ServiceUnavailable: [503, 'Please reduce your request rate.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type OssErrorCode = keyof typeof ossErrors;

/** Detail codes that newer answers carry as `EC`; not meant for clients to branch on. */
export const ossEc: Partial<Record<OssErrorCode, string>> = {
  InvalidAccessKeyId: '0002-00000902',
  SecurityTokenExpired: '0002-00000007',
  NoSuchUpload: '0017-00000244',
  InvalidPartOrder: '0042-00000209',
  EntityTooSmall: '0042-00000213',
};

/** A refusal that the client gets as XML. */
export class OssError extends Error {
  override name = 'OssError';
  readonly code: OssErrorCode;
  /** Further elements of the document, `EC` among them. */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: OssErrorCode, options: { message?: string; details?: Record<string, string> } = {}) {
    super(options.message ?? ossErrors[code][1]);
    this.code = code;
    this.details = options.details ?? {};
  }
}

export function isOssErrorCode(code: string): code is OssErrorCode {
  return Object.hasOwn(ossErrors, code);
}

/** The usual code of a status; for fault rules that name only the status. */
export function usualOssCode(status: number): OssErrorCode {
  const usual: Record<number, OssErrorCode> = {
    400: 'InvalidArgument',
    403: 'AccessDenied',
    404: 'NoSuchKey',
    405: 'MethodNotAllowed',
    408: 'RequestTimeout',
    409: 'FileAlreadyExists',
    411: 'MissingContentLength',
    416: 'InvalidRange',
    503: 'ServiceUnavailable',
  };
  return usual[status] ?? (status >= 500 ? 'InternalError' : 'InvalidArgument');
}

/**
 * Vendor constants of Amazon S3 and of S3-compatible stores. This file contains no logic: the server (as the client) and
 * the sandbox (as the store) implement their behavior independently.
 */

/** "Authenticating Requests (AWS Signature Version 4)". */
export const sigV4 = {
  algorithm: 'AWS4-HMAC-SHA256',
  service: 's3',
  terminator: 'aws4_request',
  dateHeader: 'x-amz-date',
  contentHashHeader: 'x-amz-content-sha256',
  tokenHeader: 'x-amz-security-token',
  unsignedPayload: 'UNSIGNED-PAYLOAD',
  maxSkewMs: 15 * 60_000,
  /** Seven days. */
  maxExpiresSeconds: 604_800,
} as const;

/** "Amazon S3 multipart upload limits". */
export const minPartSizeBytes = 5 * 1024 ** 2;
export const maxPartSizeBytes = 5 * 1024 ** 3;
export const maxPartCount = 10_000;
export const maxPutBytes = 5 * 1024 ** 3;
/** Other vendors' stores have different limits; this is the most common one. */
export const maxObjectSizeBytes = 5 * 1024 ** 4;
/** ListParts: default and maximum of `max-parts`. */
export const maxListedParts = 1000;
/** Bytes of UTF-8 ("Naming Amazon S3 objects"). */
export const maxKeyBytes = 1024;
/** "Working with object metadata": the total of names and values. */
export const maxMetadataBytes = 2048;
/** ListObjectsV2: default and maximum of `max-keys`. */
export const maxListedKeys = 1000;

/** "Canned ACL". */
export const cannedAcls = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
] as const;
export type CannedAcl = (typeof cannedAcls)[number];

/** "Error responses": HTTP status of every code that the operations of an upload can receive. */
export const s3Errors = {
  AccessDenied: 403,
  AccessForbidden: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidObjectName: 400,
  InvalidPart: 400,
  InvalidPartNumber: 416,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidToken: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  MissingRequestBodyError: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  OperationAborted: 409,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;
export type S3ErrorCode = keyof typeof s3Errors;

/** `Action` and `Version` of the only STS call that uploads use ("AssumeRole"). */
export const sts = {
  action: 'AssumeRole',
  version: '2011-06-15',
  minSeconds: 900,
  maxSeconds: 43_200,
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const;
export const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Behavior that the COS documentation leaves open. Names begin with `cos`: all services share one set of settings. */
export interface CosSettings {
  /** Whether a complete request refuses parts below 1 MB (the 2023 page says so, the 2026 page does not). */
  cosMinPartSize: 'enforced' | 'ignored';
  /** Status of a successful Abort: 204, or 200 as in the sample of 2019. */
  cosAbortStatus: 204 | 200;
  /** Status of NoSuchUpload: 404 on the operations' pages, 400 in the table of 2019. */
  cosNoSuchUploadStatus: 404 | 400;
  /** Error code for a temporary key without its token. */
  cosMissingToken: 'AccessDenied' | 'InvalidAccessKeyId';
  /** Error code for an expired temporary key. */
  cosExpiredKey: 'ExpiredToken' | 'AccessDenied';
  /** Whether a temporary key may list the parts of its own upload. */
  cosListParts: boolean;
  /** Whether a temporary key may read its own objects back, with GET and HEAD. */
  cosRead: boolean;
  /** Whether a temporary key may list the bucket below its own keys. */
  cosListObjects: boolean;
  /**
   * Answer to `x-cos-forbid-overwrite` where the object exists. The header's page names no error code, and whether an
   * upload's certificate may send it is unpublished: 409 FileAlreadyExists, 412 PreconditionFailed, or ignored.
   */
  cosForbidOverwrite: 409 | 412 | 'ignored';
  /** ETag of a multipart object: made of the parts' MD5s, or another value of the same form. */
  cosJoinedETag: 'composite' | 'opaque';
  /** How a failed complete request is reported: by its status, or by an error document after an early 200. */
  cosCompleteErrors: 'status' | 'body';
  /** Whether a signature that becomes valid shortly after now is accepted. */
  cosFutureSignatures: 'refused' | 'taken';
}

export const defaultCosSettings: CosSettings = {
  cosMinPartSize: 'enforced',
  cosAbortStatus: 204,
  cosNoSuchUploadStatus: 404,
  cosMissingToken: 'AccessDenied',
  cosExpiredKey: 'ExpiredToken',
  cosListParts: true,
  cosRead: true,
  cosListObjects: false,
  cosForbidOverwrite: 409,
  cosJoinedETag: 'composite',
  cosCompleteErrors: 'status',
  cosFutureSignatures: 'refused',
};

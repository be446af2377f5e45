/** What the COS pages leave open. Names begin with `cos`, since all services share one set of settings. */
export interface CosSettings {
  /** Whether joining refuses parts below 1 MB (the 2023 page says so, the 2026 page does not). */
  cosMinPartSize: 'enforced' | 'ignored';
  /** Status of a successful Abort: 204, or 200 as in the sample of 2019. */
  cosAbortStatus: 204 | 200;
  /** Status of NoSuchUpload: 404 on the operations' pages, 400 in the table of 2019. */
  cosNoSuchUploadStatus: 404 | 400;
  /** What a temporary key without its token is told. */
  cosMissingToken: 'AccessDenied' | 'InvalidAccessKeyId';
  /** What a temporary key past its time is told. */
  cosExpiredKey: 'ExpiredToken' | 'AccessDenied';
  /** Whether a temporary key may list the parts of its own upload. */
  cosListParts: boolean;
  /** Whether a temporary key may read its own objects back, with GET and HEAD. */
  cosRead: boolean;
  /** ETag of a joined object: made of the parts' MD5s, or something else of the same shape. */
  cosJoinedETag: 'composite' | 'opaque';
  /** How a Complete that fails is told: by its status, or by an error document behind a 200 that left early. */
  cosCompleteErrors: 'status' | 'body';
  /** Whether a signature whose time begins a little later than now is taken. */
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
  cosJoinedETag: 'composite',
  cosCompleteErrors: 'status',
  cosFutureSignatures: 'refused',
};

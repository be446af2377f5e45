import { EndpointError } from '../../errors.js';
import type { VendorReply } from '../../http.js';
import { lookUpProblem, refusalOf, safeVendorText, vendorOf, type ProblemTable } from '../../kit/refusal.js';
import { storeError } from '../../store/error.js';

/**
 * API 3.0, "Common Error Codes", with the codes of ApplyUpload, CommitUpload and DescribeMediaInfos. A code that is not
 * in here counts as its family, which is what stands before the dot.
 */
const vodProblems: ProblemTable = {
  ActionOffline: 'vendor-refused',
  AuthFailure: 'vendor-credentials',
  DryRunOperation: 'vendor-refused',
  FailedOperation: 'vendor-refused',
  'FailedOperation.InvalidVodUser': 'vendor-credentials',
  InternalError: 'vendor-unavailable',
  InvalidAction: 'vendor-refused',
  InvalidParameter: 'vendor-refused',
  'InvalidParameter.ExpireTime': 'invalid-request',
  InvalidParameterValue: 'vendor-refused',
  'InvalidParameterValue.CoverType': 'file-refused',
  'InvalidParameterValue.ExpireTime': 'invalid-request',
  'InvalidParameterValue.MediaType': 'file-refused',
  'InvalidParameterValue.VodSessionKey': 'media-state-conflict',
  InvalidRequest: 'vendor-refused',
  IpInBlacklist: 'vendor-credentials',
  IpNotInWhitelist: 'vendor-credentials',
  LimitExceeded: 'vendor-refused',
  MissingParameter: 'vendor-refused',
  NoSuchProduct: 'vendor-refused',
  NoSuchVersion: 'vendor-refused',
  RequestLimitExceeded: 'vendor-throttled',
  RequestSizeLimitExceeded: 'vendor-refused',
  ResourceInUse: 'media-state-conflict',
  ResourceInsufficient: 'vendor-unavailable',
  // Of the calls made here only CommitUpload answers it, for an object that is not there.
  ResourceNotFound: 'upload-not-found',
  ResourceUnavailable: 'vendor-refused',
  ResponseSizeLimitExceeded: 'vendor-refused',
  ServiceUnavailable: 'vendor-unavailable',
  UnauthorizedOperation: 'vendor-credentials',
  UnknownParameter: 'vendor-refused',
  UnsupportedOperation: 'vendor-refused',
  UnsupportedProtocol: 'vendor-refused',
  UnsupportedRegion: 'vendor-refused',
};

/** COS, "Error Codes". The keys are VOD's temporary ones, so a refused signature is not the operator's fault. */
const cosProblems: ProblemTable = {
  NoSuchUpload: 'upload-not-found',
  NoSuchKey: 'upload-not-found',
  ExpiredToken: 'upload-not-found',
  NoSuchBucket: 'vendor-refused',
  RequestTimeOut: 'vendor-unavailable',
  OperationAborted: 'vendor-unavailable',
  InternalError: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
  SlowDown: 'vendor-throttled',
};

/** The error that `Response.Error` stands for. */
export function vodError(
  code: string,
  { what, requestId }: { readonly what: string; readonly requestId: string | null | undefined },
): EndpointError {
  const problem =
    lookUpProblem(vodProblems, code) ?? lookUpProblem(vodProblems, code.split('.')[0]) ?? 'vendor-refused';
  return new EndpointError(problem, {
    detail: `${what}: ${safeVendorText(code) ?? 'an unreadable code'}`,
    vendor: vendorOf({ code, requestId }),
  });
}

/** The API answers 200 always; another status comes from a proxy or gateway, without a code. */
export function transportError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  return refusalOf(reply, { what, nowMs });
}

/** The error that a refused call to the store stands for. */
export function cosError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  return storeError(
    reply,
    { codes: cosProblems, statuses: { 404: 'upload-not-found' }, requestIdHeaders: ['x-cos-request-id'] },
    { what, nowMs },
  );
}

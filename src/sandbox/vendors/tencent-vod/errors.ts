import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../../http/reply.js';

/** API 3.0, "Common Error Codes", and the error codes of the emulated actions. Only the first message is documented in full. */
export const tencentErrors = {
  'AuthFailure.SignatureFailure':
    'The provided credentials could not be validated. Please check your signature is correct.',
  'AuthFailure.InvalidAuthorization':
    'The Authorization header does not comply with the Tencent Cloud standard.',
  'AuthFailure.SecretIdNotFound': 'The SecretId is not found, please ensure that your SecretId is correct.',
  'AuthFailure.SignatureExpire': 'The request timestamp is more than five minutes off.',
  'AuthFailure.TokenFailure': 'The token failed to validate.',
  'AuthFailure.UnauthorizedOperation': 'The request is not authorized by CAM.',
  FailedOperation: 'Operation failed.',
  'FailedOperation.InvalidVodUser': 'VOD is not activated.',
  InternalError: 'Internal error.',
  InvalidAction: 'The action does not exist.',
  InvalidParameter: 'Incorrect parameter.',
  'InvalidParameter.ExpireTime': 'Incorrect parameter value: expiration time.',
  InvalidParameterValue: 'Incorrect parameter value.',
  'InvalidParameterValue.AddTagsAndClearTagsConflict':
    'Incorrect parameter value: AddTags conflicts with ClearTags.',
  'InvalidParameterValue.CoverType': 'Incorrect parameter value: cover type.',
  'InvalidParameterValue.Description': 'Incorrect parameter value: media file description.',
  'InvalidParameterValue.ExpireTime': 'Incorrect parameter value: incorrect ExpireTime format.',
  'InvalidParameterValue.FileIds': 'Incorrect parameter value: FileIds.',
  'InvalidParameterValue.FileIdsEmpty': 'FileIds array is empty.',
  'InvalidParameterValue.FileIdsOverLimit': 'FileIds has too many elements.',
  'InvalidParameterValue.MediaUrl': 'Incorrect parameter value: media URL.',
  'InvalidParameterValue.MediaType': 'Incorrect parameter value: media type.',
  'InvalidParameterValue.Name': 'Incorrect parameter value: media file name.',
  'InvalidParameterValue.SessionId': 'Incorrect parameter value: SessionId was used before.',
  'InvalidParameterValue.SessionIdTooLong': 'Incorrect parameter value: SessionId is too long.',
  'InvalidParameterValue.SubAppId': 'Incorrect parameter value: application id.',
  'InvalidParameterValue.TagTooLong': 'Incorrect parameter value: tag too long.',
  'InvalidParameterValue.VodSessionKey': 'Incorrect parameter value: VOD session.',
  InvalidRequest: 'The request is invalid.',
  'LimitExceeded.TagCountReachMax': 'Limit exceeded: maximum number of tags reached.',
  MissingParameter: 'A parameter is missing.',
  NoSuchVersion: 'The API version does not exist.',
  RequestLimitExceeded: 'The number of requests exceeds the frequency limit.',
  RequestSizeLimitExceeded: 'The request packet exceeds the size limit.',
  ResourceNotFound: 'The resource does not exist.',
  ServiceUnavailable: 'The service is unavailable now.',
  UnauthorizedOperation: 'Unauthorized operation.',
  UnknownParameter: 'A parameter is unknown.',
  UnsupportedProtocol: 'The protocol is not supported.',
  UnsupportedRegion: 'The region is not supported.',
} as const;

export type TencentErrorCode = keyof typeof tencentErrors;

/** A refusal in the API's format. */
export class TencentError extends Error {
  override name = 'TencentError';
  readonly code: TencentErrorCode;

  constructor(code: TencentErrorCode, message: string = tencentErrors[code]) {
    super(message);
    this.code = code;
  }
}

/** API 3.0, "Responses": always HTTP 200, each with a RequestId. */
export function answer(fields: Record<string, unknown>): Reply {
  return json(
    200,
    { Response: { ...fields, RequestId: randomUUID() } },
    { 'Content-Type': 'application/json' },
  );
}

export function refusal(code: string, message: string): Reply {
  return answer({ Error: { Code: code, Message: message } });
}

/** The error code for a fault rule's status; the API itself always answers HTTP 200. */
export function faultReply(status: number, code?: string): Reply {
  const usual: Record<number, TencentErrorCode> = {
    401: 'AuthFailure.SignatureFailure',
    403: 'UnauthorizedOperation',
    404: 'ResourceNotFound',
    429: 'RequestLimitExceeded',
    503: 'ServiceUnavailable',
  };
  const name = usual[status] ?? (status >= 500 ? 'InternalError' : 'InvalidParameter');
  const known =
    code !== undefined && Object.hasOwn(tencentErrors, code)
      ? tencentErrors[code as TencentErrorCode]
      : tencentErrors[name];
  return refusal(code ?? name, known);
}

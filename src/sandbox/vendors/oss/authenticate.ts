import type { SandboxContext } from '../../context.js';
import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { verifyOssV1 } from '../../verify/oss-v1.js';
import { verifyOssV4 } from '../../verify/oss-v4.js';
import { OssError } from './errors.js';
import type { OssKey, OssPolicy } from './exchange.js';
import type { OssOperation } from './operations.js';

interface Target {
  bucket: string;
  key: string;
  operation: OssOperation;
}

/** Verifies the signature, in any of the four forms, the token and the token's policy. Throws the refusal. */
export function authenticate(
  { context, policy }: { context: SandboxContext; policy: OssPolicy },
  request: SandboxRequest,
  target: Target,
  isExpired: boolean,
): void {
  const inQuery = ['OSSAccessKeyId', 'x-oss-signature-version'].some(
    (name) => firstValue(request.query, name) !== undefined,
  );
  if (inQuery && request.header('authorization') !== undefined)
    throw new OssError('InvalidArgument', {
      message: 'Authorization is both in the query and in the header.',
    });
  const signed = {
    method: request.method,
    bucket: target.bucket,
    key: target.key,
    query: request.query,
    header: request.header,
    headerNames: request.headerNames,
  };
  const options = {
    findSecret: (id: string) => policy.findKey(id)?.secret,
    region: policy.region,
    nowMs: context.now(),
    isExpired,
  };
  const outcome = verifyOssV4(signed, options) ?? verifyOssV1(signed, options);
  if (!outcome)
    throw new OssError('AccessDenied', {
      message: 'You are forbidden to access this object: the request carries no OSS signature.',
    });
  if (!outcome.ok)
    throw new OssError(outcome.code, {
      message: outcome.message,
      details: outcome.details ?? {},
    });
  checkToken(policy.findKey(outcome.accessKeyId), outcome.securityToken, policy, context.now());
  const key = policy.findKey(outcome.accessKeyId);
  if (key?.allows && !key.allows(target.operation, target.bucket, target.key))
    throw new OssError('AccessDenied', { message: "Access denied by authorizer's policy." });
}

function checkToken(
  key: OssKey | undefined,
  token: string | undefined,
  policy: OssPolicy,
  nowMs: number,
): void {
  if (key?.securityToken === undefined) {
    if (token !== undefined) throw new OssError('AccessKeyIdAndSecurityTokenNotMatch');
    return;
  }
  if (token === undefined) throw new OssError('InvalidAccessKeyId');
  if (key.expiresAt !== undefined && nowMs >= key.expiresAt) throw new OssError(policy.expiredKeyCode());
  if (token !== key.securityToken)
    throw new OssError(
      policy.isToken(token) ? 'AccessKeyIdAndSecurityTokenNotMatch' : 'InvalidSecurityToken',
    );
}

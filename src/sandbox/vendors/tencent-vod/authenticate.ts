import { apiHeaders, apiService } from '../../../vendors/tencent-vod.js';
import type { SandboxRequest } from '../../http/request.js';
import { verifyTc3 } from '../../verify/tc3.js';
import type { Vod } from './call.js';
import { TencentError } from './errors.js';

/** API 3.0, "Signature v3". Throws the refusal. */
export function authenticate(
  { context, account }: Vod,
  request: SandboxRequest,
  body: Buffer,
  isExpired: boolean,
): void {
  const pair = (secretId: string) => [account, account.temporary].find((one) => one.secretId === secretId);
  const outcome = verifyTc3(
    { ...request, body },
    {
      findSecret: (secretId) => pair(secretId)?.secretKey,
      nowMs: context.now(),
      service: context.settings.tencentServiceScope === 'vod' ? apiService : null,
    },
  );
  if (!outcome.ok) {
    const codes = {
      malformed: 'AuthFailure.InvalidAuthorization',
      'unknown-key': 'AuthFailure.SecretIdNotFound',
      skewed: 'AuthFailure.SignatureExpire',
      mismatch: 'AuthFailure.SignatureFailure',
    } as const;
    throw new TencentError(codes[outcome.reason]);
  }
  if (isExpired) throw new TencentError('AuthFailure.SignatureExpire');
  const isTemporary = outcome.secretId === account.temporary.secretId;
  if (isTemporary && request.header(apiHeaders.token) !== account.temporary.token)
    throw new TencentError('AuthFailure.TokenFailure');
}

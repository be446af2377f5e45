import { firstValue, type QueryPair } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { verifyAcs3 } from '../../verify/acs3.js';
import { verifyRpcV1 } from '../../verify/rpc-v1.js';
import type { Vod } from './call.js';
import { VodError } from './errors.js';
import type { NonceCache } from './nonces.js';

export interface Gate {
  vod: Vod;
  nonces: NonceCache;
}

export interface SignedCall {
  request: SandboxRequest;
  params: readonly QueryPair[];
  body: Buffer;
  /** By a fault. */
  isExpired: boolean;
}

/** Signature of either version, then the temporary key's token, then the nonce. Throws the refusal. */
export function authenticate({ vod, nonces }: Gate, { request, params, body, isExpired }: SignedCall): void {
  const nowMs = vod.context.now();
  const findSecret = (accessKeyId: string): string | undefined => vod.sts.findTenant(accessKeyId)?.secret;
  // The older client also sends the newer one's headers; the kind of signature decides.
  const isV3 =
    (request.header('authorization') ?? '').startsWith('ACS3-') ||
    (request.header('x-acs-action') !== undefined && firstValue(params, 'Signature') === undefined);
  const outcome = isV3
    ? verifyAcs3(
        { method: request.method, query: request.query, header: request.header, body },
        findSecret,
        nowMs,
      )
    : verifyRpcV1({ method: request.method, params }, findSecret, nowMs);
  if (!outcome.ok)
    throw new VodError(
      outcome.code,
      outcome.detail,
      outcome.code === 'InvalidAccessKeyId.NotFound' ? vod.settings.unknownKeyStatus : undefined,
    );
  if (isExpired) throw new VodError('InvalidTimeStamp.Expired');
  checkToken(vod, outcome.accessKeyId, outcome.securityToken, nowMs);
  if (!nonces.take(outcome.accessKeyId, outcome.nonce, nowMs)) throw new VodError('SignatureNonceUsed');
}

function checkToken({ sts }: Vod, accessKeyId: string, token: string | undefined, nowMs: number): void {
  const key = sts.findTenant(accessKeyId);
  if (key?.securityToken === undefined) {
    if (token !== undefined) throw new VodError('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (token === undefined) throw new VodError('MissingSecurityToken');
  if (token !== key.securityToken)
    throw new VodError(
      sts.isToken(token) ? 'InvalidSecurityToken.MismatchWithAccessKey' : 'InvalidSecurityToken.Malformed',
    );
  if (key.expiresAt !== undefined && nowMs >= key.expiresAt)
    throw new VodError('InvalidSecurityToken.Expired');
}

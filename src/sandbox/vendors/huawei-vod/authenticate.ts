import { signing } from '../../../vendors/huawei-vod.js';
import type { FaultEffect } from '../../faults.js';
import type { SandboxRequest } from '../../http/request.js';
import type { HuaweiAccount, SandboxSettings } from '../../options.js';
import { verifySdkHmac, type SdkHmacOutcome } from '../../verify/sdk-hmac.js';
import { GatewayError, VodError } from './errors.js';
import type { KeyLock } from './key-lock.js';
import type { TokenDesk } from './tokens.js';

export interface Gate {
  account: HuaweiAccount;
  settings: SandboxSettings;
  tokens: TokenDesk;
  lock: KeyLock;
  nowMs: number;
}

/** Token or AK/SK, depending on the header ("Making an API Request", Authentication); throws the refusal. */
export function authenticate(gate: Gate, request: SandboxRequest, body: Buffer, effect: FaultEffect): void {
  const token = request.header(signing.tokenHeader);
  const problem =
    token !== undefined
      ? checkToken(gate, token, effect.expire === true)
      : request.header('authorization') !== undefined
        ? checkSignature(gate, request, body, effect.expire === true)
        : `${signing.tokenHeader.toLowerCase()} not found`;
  if (problem === undefined) return;
  if (gate.settings.authErrors === 'service') throw new VodError('VOD.10054');
  throw new GatewayError('0301', `Incorrect IAM authentication information: ${problem}`);
}

/** "The tenant ID is inconsistent with the credential": of the path, and of the header where it is sent. */
export function checkProject(
  { projectId }: HuaweiAccount,
  request: SandboxRequest,
  pathProjectId: string,
): void {
  const named = request.header(signing.projectHeader);
  if (pathProjectId !== projectId || (named !== undefined && named !== projectId))
    throw new VodError('VOD.10057');
}

function checkToken({ tokens, nowMs }: Gate, token: string, isExpired: boolean): string | undefined {
  const outcome = tokens.check(token);
  if (outcome.ok)
    return isExpired ? `token expires, expires_at: ${new Date(nowMs).toISOString()}` : undefined;
  return outcome.reason === 'expired'
    ? `token expires, expires_at: ${outcome.expiresAt}`
    : 'decrypt token fail';
}

function checkSignature(
  { account, lock, nowMs }: Gate,
  request: SandboxRequest,
  body: Buffer,
  isExpired: boolean,
): string | undefined {
  const findSecret = (accessKey: string): string | undefined =>
    [account, account.temporary].find((pair) => pair.accessKey === accessKey)?.secretKey;
  const outcome = verifySdkHmac({ ...request, body }, findSecret, nowMs);
  const accessKey = outcome.accessKey ?? '';
  if (lock.isLocked(accessKey, nowMs)) return 'AK access failed to reach the limit,forbidden';
  if (!outcome.ok && outcome.reason === 'mismatch') lock.noteFailure(accessKey, nowMs);
  if (!outcome.ok) return problemOf(outcome);
  lock.noteSuccess(accessKey);
  if (isExpired) return problemOf({ ok: false, reason: 'skewed' });
  return hasSecurityToken(account, accessKey, request) ? undefined : 'Get secretKey failed';
}

function problemOf(outcome: SdkHmacOutcome & { ok: false }): string {
  switch (outcome.reason) {
    case 'malformed':
      return 'verify aksk signature fail, Authorization or X-Sdk-Date cannot be read';
    case 'unknown-key':
      return 'Get secretKey failed';
    case 'skewed':
      return 'verify aksk signature fail, X-Sdk-Date is more than 15 minutes off';
    case 'mismatch':
      return `verify aksk signature fail, the server's string to sign is ${JSON.stringify(outcome.stringToSign)}`;
  }
}

/** A temporary key requires its token, and the token must be signed. */
function hasSecurityToken({ temporary }: HuaweiAccount, accessKey: string, request: SandboxRequest): boolean {
  if (accessKey !== temporary.accessKey) return true;
  const isSigned = /SignedHeaders=[^,]*\bx-security-token\b/.test(request.header('authorization') ?? '');
  return isSigned && request.header(signing.securityTokenHeader) === temporary.securityToken;
}

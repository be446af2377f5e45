import { createHash, createHmac } from 'node:crypto';
import { parseBasicDate } from '../clock.js';
import { encodeStrict, firstValue, type QueryPair } from '../http/encoding.js';
import {
  expired,
  maxSkewMs,
  mismatch,
  type OssOutcome,
  type OssSignedRequest,
  type OssVerifyOptions,
} from './oss-claim.js';
import { isEqualText } from './rpc-v1.js';

const algorithm = 'OSS4-HMAC-SHA256';
const maxExpiresSeconds = 604_800;

interface Claim {
  accessKeyId: string;
  /** `20260330/cn-shanghai/oss/aliyun_v4_request`. */
  scope: string;
  date: string;
  additionalHeaders: string[];
  signature: string;
  securityToken: string | undefined;
}

/** OSS, "Signature V4 in a URL" and "Include a V4 signature in the Authorization header"; undefined when the request has no V4 signature. */
export function verifyOssV4(request: OssSignedRequest, options: OssVerifyOptions): OssOutcome | undefined {
  if (firstValue(request.query, 'x-oss-signature-version') !== undefined) return verifyUrl(request, options);
  const authorization = request.header('authorization') ?? '';
  return authorization.startsWith(`${algorithm} `)
    ? verifyHeader(request, authorization.slice(algorithm.length + 1), options)
    : undefined;
}

function verifyUrl(request: OssSignedRequest, options: OssVerifyOptions): OssOutcome {
  const value = (name: string): string | undefined => firstValue(request.query, name);
  const credential = splitCredential(value('x-oss-credential') ?? '');
  const [date = '', signature = '', seconds = ''] = ['x-oss-date', 'x-oss-signature', 'x-oss-expires'].map(
    value,
  );
  const signedAt = parseBasicDate(date);
  if (
    value('x-oss-signature-version') !== algorithm ||
    !credential ||
    signature === '' ||
    signedAt === undefined
  )
    return malformed('query');
  if (!/^\d+$/.test(seconds) || Number(seconds) < 1 || Number(seconds) > maxExpiresSeconds)
    return malformed('x-oss-expires');
  const { nowMs, isExpired } = options;
  const expiresMs = signedAt + Number(seconds) * 1000;
  // Expiry first: an expired URL is refused as expired even if its signature is wrong.
  if (isExpired === true || nowMs > expiresMs) return expired(expiresMs, nowMs);
  if (signedAt - nowMs > maxSkewMs) return { ok: false, code: 'RequestTimeTooSkewed' };
  const additionalHeaders = (value('x-oss-additional-headers') ?? '')
    .split(';')
    .filter((name) => name !== '');
  return checkSignature(
    request,
    { ...credential, date, signature, additionalHeaders, securityToken: value('x-oss-security-token') },
    options,
  );
}

function verifyHeader(request: OssSignedRequest, fields: string, options: OssVerifyOptions): OssOutcome {
  const named = new Map(
    fields.split(',').map((field) => field.trim().split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  const credential = splitCredential(named.get('Credential') ?? '');
  const signature = named.get('Signature');
  const date = request.header('x-oss-date') ?? '';
  const signedAt = parseBasicDate(date);
  if (!credential || signature === undefined || request.header('x-oss-content-sha256') === undefined)
    return malformed('Authorization');
  if (signedAt === undefined)
    return { ok: false, code: 'AccessDenied', message: 'OSS authentication requires a valid Date.' };
  if (options.isExpired === true || Math.abs(options.nowMs - signedAt) > maxSkewMs)
    return { ok: false, code: 'RequestTimeTooSkewed' };
  const additionalHeaders = (named.get('AdditionalHeaders') ?? '').split(';').filter((name) => name !== '');
  return checkSignature(
    request,
    {
      ...credential,
      date,
      signature,
      additionalHeaders,
      securityToken: request.header('x-oss-security-token'),
    },
    options,
  );
}

function checkSignature(
  request: OssSignedRequest,
  claim: Claim,
  { findSecret, region }: OssVerifyOptions,
): OssOutcome {
  const { accessKeyId, scope, date, additionalHeaders, signature, securityToken } = claim;
  const secret = findSecret(accessKeyId);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId' };
  if (scope !== `${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`)
    return malformed('the scope of the credential');
  const canonicalRequest = ossV4CanonicalRequest(request, additionalHeaders);
  const stringToSign = [
    algorithm,
    date,
    scope,
    createHash('sha256').update(canonicalRequest).digest('hex'),
  ].join('\n');
  const signingKey = scope
    .split('/')
    .reduce<Buffer | string>((key, step) => hmac(key, step), `aliyun_v4${secret}`);
  const expected = hmac(signingKey, stringToSign).toString('hex');
  if (!isEqualText(expected, signature))
    return mismatch(accessKeyId, signature, stringToSign, { CanonicalRequest: canonicalRequest });
  return { ok: true, accessKeyId, securityToken };
}

export function ossV4CanonicalRequest(
  { method, bucket, key, query, header, headerNames }: OssSignedRequest,
  additionalHeaders: readonly string[],
): string {
  const extra = additionalHeaders.map((name) => name.toLowerCase());
  const isDefault = (name: string): boolean =>
    name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
  const lines = [...new Set([...headerNames.map((name) => name.toLowerCase()).filter(isDefault), ...extra])]
    .sort()
    .map((name) => `${name}:${(header(name) ?? '').trim()}\n`);
  return [
    method,
    `/${encodeStrict(bucket)}/${encodeStrict(key).replaceAll('%2F', '/')}`,
    canonicalQuery(query),
    lines.join(''),
    extra
      .filter((name) => !isDefault(name))
      .sort()
      .join(';'),
    header('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** A parameter without a value has no equals sign: the service refuses a client that signs `uploads=`. */
function canonicalQuery(query: readonly QueryPair[]): string {
  return query
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => name + (value === '' ? '' : `=${value}`))
    .join('&');
}

function splitCredential(text: string): Pick<Claim, 'accessKeyId' | 'scope'> | undefined {
  const match = /^([^/]+)\/(\d{8}\/[^/]+\/oss\/aliyun_v4_request)$/.exec(text);
  return match ? { accessKeyId: match[1] ?? '', scope: match[2] ?? '' } : undefined;
}

function malformed(what: string): OssOutcome {
  return { ok: false, code: 'InvalidArgument', message: `The V4 signature cannot be read: ${what}.` };
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

import { encodeRfc3986, toHex } from '../encoding.js';
import { sha256Hex } from '../hash.js';
import { basicDate, compareText } from './canonical.js';
import { derivedKey } from './derived-key.js';
import type { OssKeys, OssRequest } from './oss-request.js';

/**
 * Signature version 4 of OSS ("Signature V4 in a URL", "Include a V4 signature in the Authorization header"). The
 * vectors beside this file are answers of the vendor's own clients.
 */
const algorithm = 'OSS4-HMAC-SHA256';

/** Headers that are signed without being named in `x-oss-additional-headers`. */
function isSignedByRule(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

export function presignOssV4(
  request: OssRequest,
  { accessKeyId, accessKeySecret, securityToken, region }: OssKeys,
): string {
  const date = basicDate(request.date);
  const query = {
    ...request.query,
    'x-oss-signature-version': algorithm,
    'x-oss-credential': `${accessKeyId}/${ossScope(date, region)}`,
    'x-oss-date': date,
    'x-oss-expires': String(request.lifetimeSeconds),
    ...(securityToken && { 'x-oss-security-token': securityToken }),
  };
  // The same text is signed and sent: encoding it is most of the work.
  const pairs = canonicalPairs(query);
  const signature = ossV4Signature(canonicalRequest(request, pairs), date, region, accessKeySecret);
  return `${request.url}?${pairs}&x-oss-signature=${signature}`;
}

export interface OssV4Signed extends Pick<OssRequest, 'method' | 'bucket' | 'key' | 'headers'> {
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly additionalHeaders?: readonly string[];
}

/** The bucket is part of the path even where it is part of the host; a parameter without value has no `=`. */
export function ossV4CanonicalRequest({ query = {}, ...request }: OssV4Signed): string {
  return canonicalRequest(request, canonicalPairs(query));
}

function canonicalPairs(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encodeRfc3986(name), value] as const)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${encodeRfc3986(value)}`))
    .join('&');
}

function canonicalRequest(
  { method, bucket, key, headers = {}, additionalHeaders = [] }: Omit<OssV4Signed, 'query'>,
  pairs: string,
): string {
  const path = [bucket, ...key.split('/')].map(encodeRfc3986).join('/');
  const additional = additionalHeaders
    .map((name) => name.toLowerCase())
    .filter((name) => !isSignedByRule(name))
    .sort(compareText);
  const lines = Object.entries(headers)
    .filter(([name]) => isSignedByRule(name) || additional.includes(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}\n`);
  const payload = headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  return `${method}\n/${path}\n${pairs}\n${lines.join('')}\n${additional.join(';')}\n${payload}`;
}

/** `date` as in `x-oss-date`. */
export function ossV4Signature(
  canonicalRequest: string,
  date: string,
  region: string,
  secret: string,
): string {
  const stringToSign = [algorithm, date, ossScope(date, region), sha256Hex(canonicalRequest)].join('\n');
  const steps = [date.slice(0, 8), region, 'oss', 'aliyun_v4_request'];
  return toHex(derivedKey(`aliyun_v4${secret}`, steps)(stringToSign));
}

function ossScope(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
}

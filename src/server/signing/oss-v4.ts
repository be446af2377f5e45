import { encodeRfc3986, toHex } from '../encoding.js';
import { sha256Hex } from '../hash.js';
import { basicDate, compareText } from './canonical.js';
import { derivedKey } from './derived-key.js';
import type { OssKeys, OssObject, OssPart, OssRequest } from './oss-request.js';

/**
 * Signature version 4 of OSS ("Signature V4 in a URL", "Include a V4 signature in the Authorization header"). The
 * vectors beside this file are answers of the vendor's own clients.
 */
const algorithm = 'OSS4-HMAC-SHA256';

/** Headers that are signed without being named in `x-oss-additional-headers`. */
function isSignedByRule(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

export function ossV4Presigner(
  { url, bucket, key, date, lifetimeSeconds }: OssObject,
  { accessKeyId, accessKeySecret, securityToken, region }: OssKeys,
): (part: OssPart) => string {
  const stamp = basicDate(date);
  const common = encodedPairs({
    'x-oss-signature-version': algorithm,
    'x-oss-credential': `${accessKeyId}/${ossScope(stamp, region)}`,
    'x-oss-date': stamp,
    'x-oss-expires': String(lifetimeSeconds),
    ...(securityToken && { 'x-oss-security-token': securityToken }),
  });
  const path = canonicalPath({ bucket, key });
  const sign = signer(stamp, region, accessKeySecret);
  return ({ method, query = {}, headers }) => {
    // The same text is signed and sent: encoding it is most of the work.
    const pairs = joined([...encodedPairs(query), ...common]);
    return `${url}?${pairs}&x-oss-signature=${sign(canonicalRequest({ method, path, headers }, pairs))}`;
  };
}

export interface OssV4Signed extends Pick<OssRequest, 'method' | 'bucket' | 'key' | 'headers'> {
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly additionalHeaders?: readonly string[];
}

/** The bucket is part of the path even where it is part of the host; a parameter without value has no `=`. */
export function ossV4CanonicalRequest({ query = {}, bucket, key, ...request }: OssV4Signed): string {
  return canonicalRequest({ ...request, path: canonicalPath({ bucket, key }) }, joined(encodedPairs(query)));
}

type EncodedPair = readonly [name: string, pair: string];

function encodedPairs(query: Readonly<Record<string, string>>): EncodedPair[] {
  return Object.entries(query).map(([name, value]) => {
    const encoded = encodeRfc3986(name);
    return [encoded, value === '' ? encoded : `${encoded}=${encodeRfc3986(value)}`];
  });
}

function joined(pairs: readonly EncodedPair[]): string {
  return [...pairs]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, pair]) => pair)
    .join('&');
}

function canonicalPath({ bucket, key }: Pick<OssRequest, 'bucket' | 'key'>): string {
  return `/${[bucket, ...key.split('/')].map(encodeRfc3986).join('/')}`;
}

interface Canonical extends Pick<OssV4Signed, 'method' | 'headers' | 'additionalHeaders'> {
  readonly path: string;
}

function canonicalRequest(
  { method, path, headers = {}, additionalHeaders = [] }: Canonical,
  pairs: string,
): string {
  const additional = additionalHeaders
    .map((name) => name.toLowerCase())
    .filter((name) => !isSignedByRule(name))
    .sort(compareText);
  const lines = Object.entries(headers)
    .filter(([name]) => isSignedByRule(name) || additional.includes(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}\n`);
  const payload = headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  return `${method}\n${path}\n${pairs}\n${lines.join('')}\n${additional.join(';')}\n${payload}`;
}

/** `date` as in `x-oss-date`. */
export function ossV4Signature(
  canonicalRequest: string,
  date: string,
  region: string,
  secret: string,
): string {
  return signer(date, region, secret)(canonicalRequest);
}

/** Signs canonical requests of one date and region. */
function signer(date: string, region: string, secret: string): (canonicalRequest: string) => string {
  const head = `${algorithm}\n${date}\n${ossScope(date, region)}\n`;
  const steps = [date.slice(0, 8), region, 'oss', 'aliyun_v4_request'];
  const sign = derivedKey(`aliyun_v4${secret}`, steps);
  return (canonicalRequest) => toHex(sign(head + sha256Hex(canonicalRequest)));
}

function ossScope(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
}

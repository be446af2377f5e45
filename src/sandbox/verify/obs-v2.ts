import { createHmac, timingSafeEqual } from 'node:crypto';
import { encodeStrict, firstValue, type QueryPair } from '../http/encoding.js';
import { isSubResource } from './obs-sub-resources.js';

/** What a V2 signature covers, as it arrived. */
export interface ObsRequest {
  method: string;
  bucket: string;
  /** Decoded. */
  key: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
  headerNames: readonly string[];
}

export type ObsSignatureCode =
  'AccessDenied' | 'InvalidAccessKeyId' | 'RequestTimeTooSkewed' | 'SignatureDoesNotMatch';

export type ObsV2Outcome =
  | { ok: true; accessKey: string }
  | { ok: false; code: ObsSignatureCode; message?: string; stringToSign?: string };

export interface ObsV2Options {
  findSecret: (accessKey: string) => string | undefined;
  nowMs: number;
  /** Treat the signature as expired. */
  isExpired?: boolean;
}

/** The two dialects differ only in the prefix of their special headers and parameters. */
const dialects = {
  AWS: { prefix: 'x-amz-', keyParameter: 'AWSAccessKeyId' },
  OBS: { prefix: 'x-obs-', keyParameter: 'AccessKeyId' },
} as const;
type Dialect = keyof typeof dialects;

const maxSkewMs = 15 * 60_000;

/**
 * OBS API reference, "Authentication of Signature in a URL" and "… in a Header". Checks syntax, key, time and
 * signature, in this order.
 */
export function verifyObsV2(request: ObsRequest, options: ObsV2Options): ObsV2Outcome {
  const claim = readUrl(request) ?? readHeader(request);
  if (!claim) return { ok: false, code: 'AccessDenied', message: 'The request carries no OBS signature.' };
  if (claim === 'malformed')
    return { ok: false, code: 'AccessDenied', message: 'The signature cannot be read.' };
  const secret = options.findSecret(claim.accessKey);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId' };
  const late = checkTime(claim, options);
  if (late) return late;
  const stringToSign = obsStringToSign(request, claim.dialect, claim.dateLine);
  const isSigned = resourcesOf(request).some((resource) =>
    isEqual(
      obsSignature(secret, obsStringToSign(request, claim.dialect, claim.dateLine, resource)),
      claim.signature,
    ),
  );
  return isSigned
    ? { ok: true, accessKey: claim.accessKey }
    : { ok: false, code: 'SignatureDoesNotMatch', stringToSign };
}

/** The page signs a bucket with a slash behind it; the vendor's client leaves it out of path-style requests. */
function resourcesOf({ bucket, key }: ObsRequest): string[] {
  return key === '' ? [`/${bucket}/`, `/${bucket}`] : [objectResource(bucket, key)];
}

function objectResource(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeStrict).join('/')}`;
}

/** The emulated VOD signs its URLs with this too. */
export function obsStringToSign(
  request: ObsRequest,
  dialect: Dialect,
  dateLine: string,
  resource = objectResource(request.bucket, request.key),
): string {
  const { prefix } = dialects[dialect];
  const headers = request.headerNames
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => `${name}:${(request.header(name) ?? '').trim()}\n`);
  return [
    request.method,
    request.header('content-md5') ?? '',
    request.header('content-type') ?? '',
    dateLine,
    `${headers.join('')}${canonicalResource(request, dialect, resource)}`,
  ].join('\n');
}

export function obsSignature(secret: string, stringToSign: string): string {
  return createHmac('sha1', secret).update(stringToSign).digest('base64');
}

interface Claim {
  dialect: Dialect;
  accessKey: string;
  signature: string;
  /** Fourth line of the string to sign: Expires of a URL, Date of a header, or nothing. */
  dateLine: string;
  /** Expiry of a URL, or time of a header signature. */
  time: { kind: 'expires' | 'signed-at'; ms: number };
}

function readUrl(request: ObsRequest): Claim | 'malformed' | undefined {
  const dialect = (['AWS', 'OBS'] as const).find(
    (name) => firstValue(request.query, dialects[name].keyParameter) !== undefined,
  );
  if (!dialect) return undefined;
  const accessKey = firstValue(request.query, dialects[dialect].keyParameter);
  const expires = firstValue(request.query, 'Expires');
  const signature = firstValue(request.query, 'Signature');
  if (accessKey === undefined || signature === undefined || expires === undefined || !/^\d+$/.test(expires))
    return 'malformed';
  return {
    dialect,
    accessKey,
    signature,
    dateLine: expires,
    time: { kind: 'expires', ms: Number(expires) * 1000 },
  };
}

function readHeader(request: ObsRequest): Claim | 'malformed' | undefined {
  const authorization = request.header('authorization');
  if (authorization === undefined) return undefined;
  const match = /^(OBS|AWS) ([^:\s]+):(\S+)$/.exec(authorization);
  if (!match) return 'malformed';
  const [dialectName, accessKey = '', signature = ''] = match.slice(1);
  const dialect: Dialect = dialectName === 'OBS' ? 'OBS' : 'AWS';
  // Browsers cannot set Date; they send the prefixed header, which is signed with the other headers.
  const ownDate = request.header(`${dialects[dialect].prefix}date`);
  const date = ownDate ?? request.header('date') ?? '';
  const ms = Date.parse(date);
  if (Number.isNaN(ms)) return 'malformed';
  return {
    dialect,
    accessKey,
    signature,
    dateLine: ownDate === undefined ? date : '',
    time: { kind: 'signed-at', ms },
  };
}

function checkTime({ time }: Claim, { nowMs, isExpired }: ObsV2Options): ObsV2Outcome | undefined {
  if (time.kind === 'expires') {
    return isExpired === true || nowMs > time.ms
      ? { ok: false, code: 'AccessDenied', message: 'Request has expired.' }
      : undefined;
  }
  return isExpired === true || Math.abs(nowMs - time.ms) > maxSkewMs
    ? { ok: false, code: 'RequestTimeTooSkewed' }
    : undefined;
}

/** Bucket and key for both path-style and host-style requests, then the sub-resources: sorted, decoded, without repeats. */
function canonicalResource(request: ObsRequest, dialect: Dialect, resource: string): string {
  const named = new Map<string, string>();
  for (const [name, value] of request.query) {
    const counts = isSubResource(name) || (dialect === 'AWS' && name.startsWith('x-amz-'));
    if (counts && !named.has(name)) named.set(name, value);
  }
  const subResources = [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return `${resource}${subResources.length > 0 ? `?${subResources.join('&')}` : ''}`;
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

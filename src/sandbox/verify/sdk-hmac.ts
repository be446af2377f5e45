import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { signing } from '../../vendors/huawei-vod.js';
import { parseBasicDate } from '../clock.js';
import { decode, encodeStrict, type QueryPair } from '../http/encoding.js';

/** The signed parts of a request, as received. */
export interface SdkHmacRequest {
  method: string;
  /** Percent-encoded, without the query. */
  path: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
  body: Uint8Array;
}

export type SdkHmacOutcome =
  | { ok: true; accessKey: string }
  /** `stringToSign` is the server's; it holds no secret and shows the difference. */
  | {
      ok: false;
      reason: 'malformed' | 'unknown-key' | 'skewed' | 'mismatch';
      accessKey?: string;
      stringToSign?: string;
    };

/** SDK-HMAC-SHA256 ("Signing Guide", AK/SK authentication), verified with the client's list of signed headers. */
export function verifySdkHmac(
  request: SdkHmacRequest,
  findSecret: (accessKey: string) => string | undefined,
  nowMs: number,
): SdkHmacOutcome {
  const parsed = parseAuthorization(request.header('authorization') ?? '');
  const date = request.header(signing.dateHeader);
  const dateMs = parseBasicDate(date ?? '');
  if (!parsed || date === undefined || dateMs === undefined) return { ok: false, reason: 'malformed' };
  const { accessKey, signedHeaders, signature } = parsed;
  if (!signedHeaders.includes(signing.dateHeader.toLowerCase()))
    return { ok: false, reason: 'malformed', accessKey };
  const secret = findSecret(accessKey);
  if (secret === undefined) return { ok: false, reason: 'unknown-key', accessKey };
  if (Math.abs(nowMs - dateMs) > signing.maxSkewMs) return { ok: false, reason: 'skewed', accessKey };
  const stringToSign = [signing.algorithm, date, sha256Hex(canonicalRequest(request, signedHeaders))].join(
    '\n',
  );
  const expected = createHmac('sha256', secret).update(stringToSign).digest();
  const isEqual = timingSafeEqual(expected, Buffer.from(signature, 'hex'));
  return isEqual ? { ok: true, accessKey } : { ok: false, reason: 'mismatch', accessKey, stringToSign };
}

function canonicalRequest(request: SdkHmacRequest, signedHeaders: readonly string[]): string {
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    signedHeaders.map((name) => `${name}:${(request.header(name) ?? '').trim()}\n`).join(''),
    signedHeaders.join(';'),
    bodyHash(request),
  ].join('\n');
}

function parseAuthorization(
  text: string,
): { accessKey: string; signedHeaders: string[]; signature: string } | undefined {
  const match =
    /^SDK-HMAC-SHA256 +Access=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(text);
  if (!match) return undefined;
  const [accessKey = '', list = '', signature = ''] = match.slice(1);
  const signedHeaders = list.split(';');
  // The list must be sorted: the cloud builds its canonical request from a sorted one.
  const isSorted = signedHeaders.every(
    (name, index) => name === name.toLowerCase() && name >= (signedHeaders[index - 1] ?? ''),
  );
  return isSorted ? { accessKey, signedHeaders, signature } : undefined;
}

/** Always ends in a slash, unlike the path of the request. */
function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encodeStrict(decode(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: readonly QueryPair[]): string {
  return [...query]
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${encodeStrict(name)}=${encodeStrict(value)}`)
    .join('&');
}

/** By code unit, not by locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Hash of the received body, also on GET: the vendor's client sends `{}` there. */
function bodyHash(request: SdkHmacRequest): string {
  return request.header(signing.contentHashHeader) === 'UNSIGNED-PAYLOAD'
    ? 'UNSIGNED-PAYLOAD'
    : sha256Hex(request.body);
}

function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

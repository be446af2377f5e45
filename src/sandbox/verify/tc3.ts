import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { apiHeaders, tc3 } from '../../vendors/tencent-vod.js';

/** The signed parts of a request, as received. */
export interface Tc3Request {
  method: string;
  /** As sent, without the question mark. */
  rawQuery: string;
  header: (name: string) => string | undefined;
  body: Uint8Array;
}

export interface Tc3Rules {
  findSecret: (secretId: string) => string | undefined;
  nowMs: number;
  /** The service that the scope must name; null accepts any. */
  service: string | null;
}

export type Tc3Outcome =
  { ok: true; secretId: string } | { ok: false; reason: 'malformed' | 'unknown-key' | 'skewed' | 'mismatch' };

/** TC3-HMAC-SHA256 (API 3.0, "Signature v3"), verified with the client's list of signed headers. */
export function verifyTc3(request: Tc3Request, { findSecret, nowMs, service }: Tc3Rules): Tc3Outcome {
  const parsed = parseAuthorization(request.header('authorization') ?? '');
  const timestamp = request.header(apiHeaders.timestamp) ?? '';
  if (!parsed || !/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'malformed' };
  const secret = findSecret(parsed.secretId);
  if (secret === undefined) return { ok: false, reason: 'unknown-key' };
  const isFresh = Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= tc3.maxSkewSeconds;
  if (!isFresh || parsed.date !== new Date(Number(timestamp) * 1000).toISOString().slice(0, 10))
    return { ok: false, reason: 'skewed' };
  if (service !== null && parsed.service !== service) return { ok: false, reason: 'mismatch' };
  const isSigned = hostsOf(request).some((host) => {
    const expected = signature(stringToSign(request, parsed, timestamp, host), parsed, secret);
    return timingSafeEqual(expected, Buffer.from(parsed.signature, 'hex'));
  });
  return isSigned ? { ok: true, secretId: parsed.secretId } : { ok: false, reason: 'mismatch' };
}

interface Authorization {
  secretId: string;
  date: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

function parseAuthorization(text: string): Authorization | undefined {
  const match =
    /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
      text,
    );
  if (!match) return undefined;
  const [secretId = '', date = '', service = '', list = '', hex = ''] = match.slice(1);
  const signedHeaders = list.split(';');
  const isSorted = signedHeaders.every(
    (name, index) => name === name.toLowerCase() && name > (signedHeaders[index - 1] ?? ''),
  );
  // "At least content-type and host": otherwise a request could be replayed to another host or with another type.
  return isSorted && ['content-type', 'host'].every((name) => signedHeaders.includes(name))
    ? { secretId, date, service, signedHeaders, signature: hex }
    : undefined;
}

/** The vendor's client signs the host without the port that it sends. */
function hostsOf({ header }: Tc3Request): string[] {
  const host = header('host') ?? '';
  return [...new Set([host, host.replace(/:\d+$/, '')])];
}

function stringToSign(
  request: Tc3Request,
  { date, service, signedHeaders }: Authorization,
  timestamp: string,
  host: string,
): string {
  const value = (name: string): string =>
    (name === 'host' ? host : (request.header(name) ?? '')).trim().toLowerCase();
  const canonical = [
    request.method,
    '/',
    request.method === 'GET' ? request.rawQuery : '',
    ...signedHeaders.map((name) => `${name}:${value(name)}`),
    '',
    signedHeaders.join(';'),
    sha256Hex(request.body),
  ].join('\n');
  return [tc3.algorithm, timestamp, `${date}/${service}/tc3_request`, sha256Hex(canonical)].join('\n');
}

function signature(text: string, { date, service }: Authorization, secret: string): Buffer {
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>(
    (outer, part) => createHmac('sha256', outer).update(part).digest(),
    `TC3${secret}`,
  );
  return createHmac('sha256', key).update(text).digest();
}

function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

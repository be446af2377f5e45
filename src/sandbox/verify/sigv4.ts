import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { sigV4 } from '../../vendors/s3.js';
import { parseBasicDate } from '../clock.js';
import { decode, encodeStrict, firstValue, type QueryPair } from '../http/encoding.js';

/** The signed parts of a request, as received. */
export interface SigV4Request {
  method: string;
  /** Percent-encoded, without the query. */
  path: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
  headerNames: readonly string[];
}

export type SigV4Code =
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'AuthorizationQueryParametersError'
  | 'InvalidAccessKeyId'
  | 'InvalidRequest'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch';

export type SigV4Outcome =
  | {
      ok: true;
      accessKeyId: string;
      sessionToken: string | undefined;
      payloadHash: string;
      chunks: ChunkSigner;
    }
  | { ok: false; code: SigV4Code; message?: string; stringToSign?: string };

export interface SigV4Options {
  findSecret: (accessKeyId: string) => string | undefined;
  region: string;
  service: string;
  nowMs: number;
  /** Treat the signature as expired. */
  isExpired?: boolean;
  /**
   * `ceph` takes headers of the store that are not signed, skips signed headers that are absent, takes every region, and
   * of two signatures looks at the one in the headers. Default `aws`.
   */
  dialect?: 'aws' | 'ceph';
}

/** Signature that the next chunk of a streamed body must carry; each covers the previous one. */
export type ChunkSigner = (chunk: Uint8Array) => string;

/**
 * "Authenticating Requests (AWS Signature Version 4)", in the query or in headers. Checks syntax, scope, key, time,
 * signed headers and signature, in this order.
 */
export function verifySigV4(request: SigV4Request, options: SigV4Options): SigV4Outcome {
  const isCeph = options.dialect === 'ceph';
  const claim = isCeph
    ? (readHeader(request) ?? readQuery(request))
    : (readQuery(request) ?? readHeader(request));
  if (!claim) return { ok: false, code: 'AccessDenied', message: 'Access Denied' };
  if ('code' in claim) return claim;
  const malformed = claim.isQuery ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  const region = isCeph ? (claim.scope.split('/')[1] ?? '') : options.region;
  const expected = [claim.date.slice(0, 8), region, options.service, sigV4.terminator].join('/');
  if (claim.scope !== expected)
    return {
      ok: false,
      code: malformed,
      message: `The credential's scope is wrong; expecting '${expected}'.`,
    };
  const secret = options.findSecret(claim.accessKeyId);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId' };
  const late = checkTime(claim, options);
  if (late) return late;
  const unsigned = unsignedHeader(request, claim, options);
  if (unsigned !== undefined)
    return {
      ok: false,
      code: 'AccessDenied',
      message: `There were headers present in the request which were not signed: ${unsigned}`,
    };
  const stringToSign = [
    sigV4.algorithm,
    claim.date,
    claim.scope,
    sha256(canonicalRequest(request, claim, options)),
  ].join('\n');
  const key = deriveKey(secret, claim.scope);
  const signature = hmac(key, stringToSign).toString('hex');
  if (!isEqual(signature, claim.signature)) return { ok: false, code: 'SignatureDoesNotMatch', stringToSign };
  const { accessKeyId, sessionToken, payloadHash } = claim;
  return { ok: true, accessKeyId, sessionToken, payloadHash, chunks: chunkSigner(key, claim, signature) };
}

interface Claim {
  isQuery: boolean;
  accessKeyId: string;
  scope: string;
  date: string;
  dateMs: number;
  expiresSeconds: number | undefined;
  signedHeaders: string[];
  signature: string;
  sessionToken: string | undefined;
  payloadHash: string;
}

type Refused = SigV4Outcome & { ok: false };

function readQuery(request: SigV4Request): Claim | Refused | undefined {
  const value = (name: string): string => firstValue(request.query, name) ?? '';
  if (firstValue(request.query, 'X-Amz-Algorithm') === undefined) return undefined;
  const refused = (message: string): Refused => ({
    ok: false,
    code: 'AuthorizationQueryParametersError',
    message,
  });
  const date = value('X-Amz-Date');
  const dateMs = parseBasicDate(date);
  const credential = readCredential(value('X-Amz-Credential'));
  const expires = value('X-Amz-Expires');
  if (value('X-Amz-Algorithm') !== sigV4.algorithm)
    return refused('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  if (
    !credential ||
    dateMs === undefined ||
    value('X-Amz-SignedHeaders') === '' ||
    !/^[0-9a-f]{64}$/.test(value('X-Amz-Signature'))
  ) {
    return refused(
      'Query-string authentication requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (!/^\d+$/.test(expires) || Number(expires) < 1 || Number(expires) > sigV4.maxExpiresSeconds)
    return refused('X-Amz-Expires must be between 1 and 604800 seconds');
  return {
    isQuery: true,
    ...credential,
    date,
    dateMs,
    expiresSeconds: Number(expires),
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: value('X-Amz-Signature'),
    sessionToken: firstValue(request.query, 'X-Amz-Security-Token'),
    payloadHash:
      firstValue(request.query, 'X-Amz-Content-Sha256') ??
      request.header(sigV4.contentHashHeader) ??
      sigV4.unsignedPayload,
  };
}

function readHeader(request: SigV4Request): Claim | Refused | undefined {
  const authorization = request.header('authorization');
  if (!authorization) return undefined;
  if (authorization.startsWith('AWS '))
    return {
      ok: false,
      code: 'InvalidRequest',
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    };
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  const [credentialText = '', names = '', signature = ''] = match?.slice(1) ?? [];
  const credential = readCredential(credentialText);
  const date = request.header(sigV4.dateHeader) ?? basicDate(request.header('date'));
  const dateMs = parseBasicDate(date);
  if (!credential || dateMs === undefined)
    return {
      ok: false,
      code: 'AuthorizationHeaderMalformed',
      message: 'The authorization header that you provided is not valid.',
    };
  const payloadHash = request.header(sigV4.contentHashHeader);
  if (payloadHash === undefined && credential.scope.includes('/s3/')) {
    return {
      ok: false,
      code: 'InvalidRequest',
      message: 'Missing required header for this request: x-amz-content-sha256',
    };
  }
  return {
    isQuery: false,
    ...credential,
    date,
    dateMs,
    signature,
    expiresSeconds: undefined,
    signedHeaders: names.split(';'),
    sessionToken: request.header(sigV4.tokenHeader),
    payloadHash: payloadHash ?? '',
  };
}

/** `KEY/20130524/us-east-1/s3/aws4_request`. */
function readCredential(text: string): { accessKeyId: string; scope: string } | undefined {
  const match = /^([^/]+)\/(\d{8}\/[^/]+\/[^/]+\/aws4_request)$/.exec(text);
  return match ? { accessKeyId: match[1] ?? '', scope: match[2] ?? '' } : undefined;
}

function basicDate(text: string | undefined): string {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function checkTime(claim: Claim, { nowMs, isExpired }: SigV4Options): Refused | undefined {
  const isEarly = claim.dateMs - nowMs > sigV4.maxSkewMs;
  if (claim.expiresSeconds === undefined) {
    const isLate = nowMs - claim.dateMs > sigV4.maxSkewMs;
    return isExpired === true || isLate || isEarly ? { ok: false, code: 'RequestTimeTooSkewed' } : undefined;
  }
  if (isEarly) return { ok: false, code: 'AccessDenied', message: 'Request is not valid yet' };
  return isExpired === true || nowMs > claim.dateMs + claim.expiresSeconds * 1000
    ? { ok: false, code: 'AccessDenied', message: 'Request has expired' }
    : undefined;
}

/** `host` and all headers that begin with `x-amz-` must be signed. */
function unsignedHeader(
  { headerNames }: SigV4Request,
  { signedHeaders }: Claim,
  { dialect }: SigV4Options,
): string | undefined {
  const names = headerNames
    .map((name) => name.toLowerCase())
    .filter((name) => name === 'host' || (name.startsWith('x-amz-') && dialect !== 'ceph'));
  return ['host', ...names].find((name) => !signedHeaders.includes(name));
}

function canonicalRequest(
  request: SigV4Request,
  { signedHeaders, payloadHash, isQuery }: Claim,
  { dialect }: SigV4Options,
): string {
  const pairs = request.query
    .filter(([name]) => !isQuery || name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  const present = signedHeaders.filter((name) => dialect !== 'ceph' || request.header(name) !== undefined);
  const lines = present.map((name) => `${name}:${(request.header(name) ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    request.method,
    request.path
      .split('/')
      .map((segment) => encodeStrict(decode(segment)))
      .join('/'),
    pairs.map(([name, value]) => `${name}=${value}`).join('&'),
    lines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** "Transferring payload in multiple chunks": each chunk's signature covers the previous one. */
function chunkSigner(key: Buffer, { date, scope }: Claim, seed: string): ChunkSigner {
  let previous = seed;
  return (chunk) => {
    const lines = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, previous, sha256(''), sha256(chunk)];
    previous = hmac(key, lines.join('\n')).toString('hex');
    return previous;
  };
}

function deriveKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** By code unit. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isEqual(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(given, 'hex'));
}

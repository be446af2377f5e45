import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { securityTokenName } from '../../vendors/tencent-vod.js';
import { decode, encodeStrict, firstValue, type QueryPair } from '../http/encoding.js';

/** The signed parts of a request, as received. */
export interface CosRequest {
  method: string;
  /** Percent-encoded, without the query. */
  path: string;
  query: readonly QueryPair[];
  header: (name: string) => string | undefined;
}

export interface CosRules {
  /** Secret of a key, and the token that a temporary key requires. */
  findKey: (secretId: string) => CosKey | undefined;
  nowMs: number;
  /** Treat the signature as expired. */
  isExpired?: boolean;
  /** Whether signatures that become valid shortly after now are accepted. */
  isFutureTaken?: boolean;
}

export interface CosKey {
  secretKey: string;
  token?: string;
  /** Seconds since 1970. */
  expiresAt?: number;
}

export type CosOutcome =
  | { ok: true; secretId: string }
  | {
      ok: false;
      reason: 'unsigned' | 'malformed' | 'unknown-key' | 'token' | 'key-expired' | 'expired' | 'mismatch';
      stringToSign?: string;
    };

/** How far in the future a signature may become valid, where that is accepted. */
const maxLeadSeconds = 900;

/** COS, "Request signature": in the header, or in the query of a presigned URL. If both are present, the header is used. */
export function verifyCos(
  request: CosRequest,
  { findKey, nowMs, isExpired = false, isFutureTaken = false }: CosRules,
): CosOutcome {
  const fields = fieldsOf(request);
  if (!fields) return { ok: false, reason: 'unsigned' };
  const signed = parse(fields);
  if (!signed) return { ok: false, reason: 'malformed' };
  const key = findKey(signed.secretId);
  if (!key) return { ok: false, reason: 'unknown-key' };
  const nowSeconds = Math.floor(nowMs / 1000);
  const token = request.header(securityTokenName) ?? firstValue(request.query, securityTokenName);
  if (key.token !== undefined && key.token !== token) return { ok: false, reason: 'token' };
  if (key.expiresAt !== undefined && nowSeconds > key.expiresAt) return { ok: false, reason: 'key-expired' };
  const lead = isFutureTaken ? maxLeadSeconds : 0;
  if (isExpired || nowSeconds + lead < signed.startsAt || nowSeconds > signed.endsAt)
    return { ok: false, reason: 'expired' };
  const stringToSign = stringToSignOf(request, signed);
  if (stringToSign === undefined) return { ok: false, reason: 'mismatch' };
  const signKey = createHmac('sha1', key.secretKey).update(signed.keyTime).digest('hex');
  const expected = createHmac('sha1', signKey).update(stringToSign).digest();
  return timingSafeEqual(expected, Buffer.from(signed.signature, 'hex'))
    ? { ok: true, secretId: signed.secretId }
    : { ok: false, reason: 'mismatch', stringToSign };
}

/** Whether a request carries this kind of signature, valid or not. */
export function looksSignedForCos({ header, query }: Pick<CosRequest, 'header' | 'query'>): boolean {
  return (
    /\bq-sign-algorithm=/.test(header('authorization') ?? '') ||
    query.some(([name]) => name === 'q-sign-algorithm')
  );
}

interface Signed {
  secretId: string;
  signTime: string;
  keyTime: string;
  startsAt: number;
  endsAt: number;
  headerNames: string[];
  parameterNames: string[];
  signature: string;
}

function fieldsOf({ header, query }: CosRequest): Map<string, string> | undefined {
  const authorization = header('authorization');
  const isQuery = authorization === undefined || authorization === '';
  if (isQuery && !query.some(([name]) => name === 'q-sign-algorithm')) return undefined;
  // Header values are used as sent; query values are decoded once, `%3b` like `%3B`.
  const pairs = isQuery
    ? query
    : authorization
        .trim()
        .split('&')
        .map((pair): QueryPair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return new Map(pairs);
}

function parse(fields: ReadonlyMap<string, string>): Signed | undefined {
  const field = (name: string): string => fields.get(name) ?? '';
  const window = /^(\d{1,12});(\d{1,12})$/.exec(field('q-sign-time'));
  const isWhole =
    ['q-header-list', 'q-url-param-list'].every((name) => fields.has(name)) &&
    /^\d{1,12};\d{1,12}$/.test(field('q-key-time'));
  if (
    !window ||
    !isWhole ||
    field('q-sign-algorithm') !== 'sha1' ||
    field('q-ak') === '' ||
    !/^[0-9a-f]{40}$/.test(field('q-signature'))
  )
    return undefined;
  return {
    secretId: field('q-ak'),
    signTime: field('q-sign-time'),
    keyTime: field('q-key-time'),
    startsAt: Number(window[1]),
    endsAt: Number(window[2]),
    headerNames: listOf(field('q-header-list')),
    parameterNames: listOf(field('q-url-param-list')),
    signature: field('q-signature'),
  };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.toLowerCase().split(';');
}

/** Undefined when a listed name is missing from the request. */
function stringToSignOf(
  request: CosRequest,
  { headerNames, parameterNames, signTime }: Signed,
): string | undefined {
  const parameters = new Map(
    request.query
      .filter(([name]) => !isOfSignature(name))
      .map(([name, value]) => [encodeStrict(name).toLowerCase(), value]),
  );
  const pairs = [
    pairsOf(parameterNames, (name) => parameters.get(name)),
    pairsOf(headerNames, (name) => request.header(decode(name))),
  ];
  if (pairs.includes(undefined)) return undefined;
  const httpString = [request.method.toLowerCase(), decode(request.path), ...pairs, ''].join('\n');
  return `sha1\n${signTime}\n${createHash('sha1').update(httpString).digest('hex')}\n`;
}

function pairsOf(names: readonly string[], find: (name: string) => string | undefined): string | undefined {
  const values = [...names].sort().map((name) => [name, find(name)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  return values.map(([name, value]) => `${name}=${encodeStrict(value ?? '')}`).join('&');
}

function isOfSignature(name: string): boolean {
  return name.startsWith('q-') || name === securityTokenName;
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { encodeStrict, firstValue, type QueryPair } from '../http/encoding.js';

export interface RpcV1Request {
  method: string;
  /** Query and form parameters, decoded. */
  params: readonly QueryPair[];
}

export type RpcOutcome =
  | { ok: true; accessKeyId: string; nonce: string; securityToken?: string }
  | {
      ok: false;
      code: RpcSignatureCode;
      /** Replaces the placeholder in the code's message, or is appended. */ detail?: string;
    };

export type RpcSignatureCode =
  | 'MissingParameter'
  | 'InvalidParameter'
  | 'InvalidTimeStamp.Format'
  | 'InvalidTimeStamp.Expired'
  | 'InvalidAccessKeyId.NotFound'
  | 'SignatureDoesNotMatch';

const maxSkewMs = 15 * 60_000;
const mandatory = [
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  'Timestamp',
];

/** ApsaraVideo VOD API reference, "Request signatures". Checks completeness, time, key and signature, in this order. */
export function verifyRpcV1(
  { method, params }: RpcV1Request,
  findSecret: (accessKeyId: string) => string | undefined,
  nowMs: number,
): RpcOutcome {
  const value = (name: string): string => firstValue(params, name) ?? '';
  const missing = mandatory.find((name) => value(name) === '');
  if (missing !== undefined) return { ok: false, code: 'MissingParameter', detail: missing };
  if (value('SignatureMethod') !== 'HMAC-SHA1')
    return { ok: false, code: 'InvalidParameter', detail: 'SignatureMethod' };
  if (value('SignatureVersion') !== '1.0')
    return { ok: false, code: 'InvalidParameter', detail: 'SignatureVersion' };
  const late = checkRpcTime(value('Timestamp'), nowMs);
  if (late) return late;
  const accessKeyId = value('AccessKeyId');
  const secret = findSecret(accessKeyId);
  if (secret === undefined) return { ok: false, code: 'InvalidAccessKeyId.NotFound' };
  const stringToSign = rpcStringToSign(method, params);
  const expected = createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
  if (!isEqualText(expected, value('Signature')))
    return { ok: false, code: 'SignatureDoesNotMatch', detail: stringToSign };
  const securityToken = firstValue(params, 'SecurityToken');
  return {
    ok: true,
    accessKeyId,
    nonce: value('SignatureNonce'),
    securityToken,
  };
}

export function rpcStringToSign(method: string, params: readonly QueryPair[]): string {
  const lines = params
    .filter(([name]) => name !== 'Signature')
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((pair) => pair.join('='));
  return [method, encodeStrict('/'), encodeStrict(lines.join('&'))].join('&');
}

export function checkRpcTime(text: string, nowMs: number): (RpcOutcome & { ok: false }) | undefined {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) return { ok: false, code: 'InvalidTimeStamp.Format' };
  return Math.abs(nowMs - ms) > maxSkewMs ? { ok: false, code: 'InvalidTimeStamp.Expired' } : undefined;
}

export function isEqualText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

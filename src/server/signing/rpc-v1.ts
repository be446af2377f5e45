import { encodeRfc3986 } from '../encoding.js';
import { hmacSha1, toBase64 } from '../hash.js';
import type { AlibabaKeys } from './alibaba-keys.js';
import { compareText, isoDate } from './canonical.js';

/**
 * The older signature of Alibaba Cloud's RPC APIs (ApsaraVideo VOD API reference, "Request signatures"): HMAC-SHA1 over
 * all parameters. The vectors beside this file are answers of the vendor's own client and the page's example.
 */
export interface RpcV1Request {
  readonly method: 'GET' | 'POST';
  /** Of the action, `Action` and `Version` among them. */
  readonly params: Readonly<Record<string, string>>;
  readonly date: Date;
  /** Used once. */
  readonly nonce: string;
}

/** All parameters of the request, `Signature` included, for its query or its form. */
export function signRpcV1(
  { method, params, date, nonce }: RpcV1Request,
  keys: AlibabaKeys,
): Record<string, string> {
  const all: Record<string, string> = {
    Format: 'JSON',
    ...params,
    AccessKeyId: keys.accessKeyId,
    ...(keys.securityToken && { SecurityToken: keys.securityToken }),
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: nonce,
    Timestamp: isoDate(date),
  };
  return { ...all, Signature: rpcV1Signature(method, all, keys.accessKeySecret) };
}

export function rpcV1Signature(
  method: string,
  params: Readonly<Record<string, string>>,
  secret: string,
): string {
  return toBase64(hmacSha1(`${secret}&`)(rpcV1StringToSign(method, params)));
}

/** Every value ends up encoded twice. */
export function rpcV1StringToSign(method: string, params: Readonly<Record<string, string>>): string {
  return `${method}&%2F&${encodeRfc3986(canonicalParams(params))}`;
}

/** Sorted by name, both sides encoded; also the query of an ACS3 request. */
export function canonicalParams(params: Readonly<Record<string, string>>): string {
  return Object.entries(params)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join('&');
}

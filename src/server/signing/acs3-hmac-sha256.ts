import { toHex } from '../encoding.js';
import type { AlibabaKeys } from './alibaba-keys.js';
import { compareText, hmac, sha256Hex } from './hmac.js';
import { canonicalParams, rpcDate } from './rpc-v1.js';

/**
 * ACS3-HMAC-SHA256, version 3 of Alibaba Cloud's request signature ("V3 request body & signature mechanism"). Action
 * and version are headers here. The vectors beside this file are answers of the vendor's own client and the page's example.
 */
export interface Acs3Request {
  readonly method: 'GET' | 'POST';
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly query: Readonly<Record<string, string>>;
  /** A form's text, or nothing. */
  readonly body?: string;
  readonly date: Date;
  /** Used once. */
  readonly nonce: string;
}

const algorithm = 'ACS3-HMAC-SHA256';

/** The headers to send; `host` is for `fetch` to send. */
export async function signAcs3(request: Acs3Request, keys: AlibabaKeys): Promise<Record<string, string>> {
  const headers = await unsignedHeaders(request, keys);
  const { authorization } = await acs3Authorization(
    request.method,
    request.query,
    { ...headers, host: request.host },
    keys,
  );
  return { ...headers, Authorization: authorization };
}

async function unsignedHeaders(
  { action, version, date, nonce, body = '' }: Acs3Request,
  keys: AlibabaKeys,
): Promise<Record<string, string>> {
  return {
    ...(body !== '' && { 'content-type': 'application/x-www-form-urlencoded' }),
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': rpcDate(date),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': await sha256Hex(body),
    ...(keys.securityToken && {
      'x-acs-accesskey-id': keys.accessKeyId,
      'x-acs-security-token': keys.securityToken,
    }),
  };
}

/** `headers` are in lower case, and all of those that are signed by rule are. */
export async function acs3Authorization(
  method: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  keys: AlibabaKeys,
): Promise<{ authorization: string; canonicalRequest: string; stringToSign: string }> {
  const signed = Object.entries(headers)
    .filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort(([a], [b]) => compareText(a, b));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonicalRequest = [
    method,
    '/',
    canonicalParams(query),
    lines,
    names,
    headers['x-acs-content-sha256'],
  ].join('\n');
  const stringToSign = `${algorithm}\n${await sha256Hex(canonicalRequest)}`;
  const signature = toHex(await hmac('SHA-256', keys.accessKeySecret, stringToSign));
  return {
    authorization: `${algorithm} Credential=${keys.accessKeyId},SignedHeaders=${names},Signature=${signature}`,
    canonicalRequest,
    stringToSign,
  };
}

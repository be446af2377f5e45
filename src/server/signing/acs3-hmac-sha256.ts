import { toHex } from '../encoding.js';
import { hmacSha256, sha256Hex } from '../hash.js';
import type { AlibabaKeys } from './alibaba-keys.js';
import { canonicalHeaders, isoDate } from './canonical.js';
import { canonicalParams } from './rpc-v1.js';

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
export function signAcs3(request: Acs3Request, keys: AlibabaKeys): Record<string, string> {
  const headers = unsignedHeaders(request, keys);
  const { authorization } = acs3Authorization(
    request.method,
    request.query,
    { ...headers, host: request.host },
    keys,
  );
  return { ...headers, Authorization: authorization };
}

function unsignedHeaders(
  { action, version, date, nonce, body = '' }: Acs3Request,
  keys: AlibabaKeys,
): Record<string, string> {
  return {
    ...(body !== '' && { 'content-type': 'application/x-www-form-urlencoded' }),
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': isoDate(date),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': sha256Hex(body),
    ...(keys.securityToken && {
      'x-acs-accesskey-id': keys.accessKeyId,
      'x-acs-security-token': keys.securityToken,
    }),
  };
}

/** `headers` are in lower case, and all of those that are signed by rule are. */
export function acs3Authorization(
  method: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  keys: AlibabaKeys,
): { authorization: string; canonicalRequest: string; stringToSign: string } {
  const { names, lines } = canonicalHeaders(
    Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'),
      ),
    ),
  );
  const canonicalRequest = [
    method,
    '/',
    canonicalParams(query),
    lines,
    names,
    headers['x-acs-content-sha256'],
  ].join('\n');
  const stringToSign = `${algorithm}\n${sha256Hex(canonicalRequest)}`;
  const signature = toHex(hmacSha256(keys.accessKeySecret)(stringToSign));
  return {
    authorization: `${algorithm} Credential=${keys.accessKeyId},SignedHeaders=${names},Signature=${signature}`,
    canonicalRequest,
    stringToSign,
  };
}

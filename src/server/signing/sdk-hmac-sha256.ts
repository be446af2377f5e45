import { encodeRfc3986, toHex } from '../encoding.js';
import { hmacSha256, sha256Hex } from '../hash.js';
import { basicDate, canonicalHeaders, comparePairs } from './canonical.js';

/**
 * SDK-HMAC-SHA256, the AK/SK signature of Huawei Cloud's API gateway ("API Request Signing Guide", "Signing a
 * request"). The vectors beside this file are the guide's worked example and answers of the vendor's own signer.
 */
export interface SigningKeys {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of temporary keys; sent and signed as `X-Security-Token`. */
  readonly securityToken?: string;
}

export interface RequestToSign {
  readonly method: string;
  readonly url: string;
  /** All of them are signed, and `host` too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly date: Date;
}

export interface SignedHeaders {
  /** The request's own headers with `X-Sdk-Date` and `Authorization`, and `X-Security-Token` where there is one. `Host` is for `fetch` to send. */
  readonly headers: Record<string, string>;
  /** For tests and for comparing with what the gateway computed. Never logged. */
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

const algorithm = 'SDK-HMAC-SHA256';

export function signSdkHmacSha256(request: RequestToSign, keys: SigningKeys): SignedHeaders {
  const date = basicDate(request.date);
  const headers: Record<string, string> = {
    ...request.headers,
    'X-Sdk-Date': date,
    ...(keys.securityToken && { 'X-Security-Token': keys.securityToken }),
  };
  const url = new URL(request.url);
  const signed = canonicalHeaders({ ...headers, host: url.host });
  const canonicalRequest = [
    request.method,
    canonicalPath(url.pathname),
    canonicalQuery(url.search),
    signed.lines,
    signed.names,
    sha256Hex(request.body),
  ].join('\n');
  const stringToSign = `${algorithm}\n${date}\n${sha256Hex(canonicalRequest)}`;
  const signature = toHex(hmacSha256(keys.secretKey)(stringToSign));
  const authorization = `${algorithm} Access=${keys.accessKey}, SignedHeaders=${signed.names}, Signature=${signature}`;
  return { headers: { ...headers, Authorization: authorization }, canonicalRequest, stringToSign };
}

/** Encoded per segment, and always ending in a slash, which the request itself does not. */
function canonicalPath(pathname: string): string {
  const encoded = pathname
    .split('/')
    .map((segment) => encodeRfc3986(decodeURIComponent(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(search: string): string {
  return search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')].map((text) => encodeRfc3986(decodeURIComponent(text))) as [
        string,
        string,
      ];
    })
    .sort(comparePairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

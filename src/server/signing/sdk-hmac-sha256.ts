import { encodeRfc3986, toHex, utf8 } from '../encoding.js';

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

export async function signSdkHmacSha256(request: RequestToSign, keys: SigningKeys): Promise<SignedHeaders> {
  const date = sdkDate(request.date);
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
    await sha256Hex(request.body),
  ].join('\n');
  const stringToSign = `${algorithm}\n${date}\n${await sha256Hex(canonicalRequest)}`;
  const signature = await hmacSha256Hex(keys.secretKey, stringToSign);
  const authorization = `${algorithm} Access=${keys.accessKey}, SignedHeaders=${signed.names}, Signature=${signature}`;
  return { headers: { ...headers, Authorization: authorization }, canonicalRequest, stringToSign };
}

/** `YYYYMMDDTHHMMSSZ`, UTC. */
export function sdkDate(date: Date): string {
  return date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
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
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code unit; a locale's order would differ from the gateway's. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `lines` ends with a line break of its own, so that an empty line precedes the names. */
function canonicalHeaders(headers: Readonly<Record<string, string>>): { lines: string; names: string } {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => compare(a, b));
  return {
    lines: sorted.map(([name, value]) => `${name}:${value}\n`).join(''),
    names: sorted.map(([name]) => name).join(';'),
  };
}

async function sha256Hex(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

async function hmacSha256Hex(secret: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))));
}

import { toHex, utf8 } from '../encoding.js';

type Key = string | Uint8Array<ArrayBuffer>;

/** HMAC over UTF-8 text. */
export async function hmac(
  hash: 'SHA-1' | 'SHA-256',
  secret: Key,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const raw = typeof secret === 'string' ? utf8(secret) : secret;
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)));
}

export async function sha256Hex(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** By code unit; a locale's order would differ from a gateway's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

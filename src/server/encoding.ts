/** Bytes and their spellings, on Web-standard globals only. */

/** One for all: making an encoder costs more than encoding what a signature signs. */
const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexPairs[byte] ?? '';
  return hex;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The hex spelling of a checksum that the protocol carries as base64. */
export function base64ToHex(base64: string): string {
  return toHex(fromBase64(base64));
}

/** RFC 3986: everything but `A-Za-z0-9-_.~` is encoded, which `encodeURIComponent` leaves undone for five characters. */
export function encodeRfc3986(text: string): string {
  if (text.length > keptFromLength) return encodeLong(text);
  return unreserved.test(text) ? text : encode(text);
}

/** Most of what is signed needs no encoding. */
const unreserved = /^[\w.~-]*$/;

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Session tokens, each of which is part of every URL that is signed with it: the last few are kept. */
const kept = new Map<string, string>();
const keptFromLength = 128;
const maxKept = 32;

function encodeLong(text: string): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const encoded = encode(text);
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(text, encoded);
  return encoded;
}

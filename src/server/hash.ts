import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from './encoding.js';

/**
 * Hashes and HMACs of the request signatures, synchronous. Web Crypto has SHA-1, SHA-256 and HMAC too, but each call is
 * a promise and a thread switch: for the few hundred bytes of a signature that costs more than the hashing, and an
 * endpoint presigns parts by the hundred. Web Crypto has no MD5, and WebAssembly compiled at run time is refused by
 * some edge runtimes.
 */
export { md5, sha256 };

export function sha1Hex(text: string): string {
  return toHex(sha1Of(text));
}

export function sha256Hex(text: string): string {
  return toHex(sha256Of(text));
}

/** The same of texts that begin alike, whose beginning is hashed once. */
export function sha256HexAfter(beginning: string): (rest: string) => string {
  const hash = fromState(sha256.create().update(utf8(beginning)));
  return (rest) => toHex(hash(rest));
}

/** Base64 of the MD5 of a text, as `Content-MD5` carries it. */
export function md5Base64(text: string): string {
  return toBase64(md5(utf8(text)));
}

/** HMAC with a key that is prepared once and used for many messages. */
export type Hmac = (message: string | Uint8Array) => Uint8Array;

export function hmacSha1(key: string): Hmac {
  return fromState(hmac.create(sha1, utf8(key)));
}

export function hmacSha256(key: string | Uint8Array): Hmac {
  return fromState(hmac.create(sha256, bytesOf(key)));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

const sha1Of = fromState(sha1.create());
const sha256Of = fromState(sha256.create());

interface State<Self> {
  clone(): Self;
  _cloneInto(to?: Self): Self;
  update(bytes: Uint8Array): Self;
  digest(): Uint8Array;
}

/**
 * Continues from the same state with each message, in one copy that is used again: a signature is made of three hashes
 * of few blocks, where a new object for each costs as much as hashing. Nothing is called between the copy and the
 * digest, so that one copy is enough.
 */
function fromState<Self extends State<Self>>(state: Self): Hmac {
  const copy = state.clone();
  return (message) => state._cloneInto(copy).update(shortLived(message)).digest();
}

const encoder = new TextEncoder();
const scratch = new Uint8Array(6144);

/** Bytes to be read before the next call: those of a short text are written to the same place each time. */
function shortLived(input: string | Uint8Array): Uint8Array {
  if (typeof input !== 'string') return input;
  // A code unit takes three bytes at the most.
  if (input.length * 3 > scratch.length) return utf8(input);
  return scratch.subarray(0, encoder.encodeInto(input, scratch).written);
}

function bytesOf(input: string | Uint8Array): Uint8Array {
  return typeof input === 'string' ? utf8(input) : input;
}

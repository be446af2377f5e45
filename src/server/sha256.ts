/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104), synchronous. Web Crypto has both, but hands each call to another thread:
 * for the few hundred bytes of a signature that costs three times the hashing, and an endpoint presigns parts by the
 * hundred. There are no tables and no branches that depend on what is hashed.
 */
const roundConstants = constants((prime) => Math.cbrt(prime), 64);
const initialState = constants((prime) => Math.sqrt(prime), 8);
const blockBytes = 64;

export function sha256(input: Uint8Array): Uint8Array<ArrayBuffer> {
  return finish(new Int32Array(initialState), input, 0);
}

/** A keyed hash whose key is prepared once, for many messages. */
export type Hmac = (message: Uint8Array) => Uint8Array<ArrayBuffer>;

export function hmacSha256(key: Uint8Array): Hmac {
  const block = new Uint8Array(blockBytes);
  block.set(key.length > blockBytes ? sha256(key) : key);
  const inner = afterBlock(block.map((byte) => byte ^ 0x36));
  const outer = afterBlock(block.map((byte) => byte ^ 0x5c));
  return (message) =>
    finish(new Int32Array(outer), finish(new Int32Array(inner), message, blockBytes), blockBytes);
}

function afterBlock(block: Uint8Array): Int32Array {
  const state = new Int32Array(initialState);
  mixBlocks(state, block);
  return state;
}

/** Takes in the last bytes, of which `before` have gone ahead: then a one bit, zeros, and the length in bits. */
function finish(state: Int32Array, rest: Uint8Array, before: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((rest.length + 9) / blockBytes) * blockBytes);
  bytes.set(rest);
  bytes[rest.length] = 0x80;
  const length = before + rest.length;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(bytes.length - 4, length << 3);
  mixBlocks(state, bytes);
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) digest.setInt32(i * 4, at(state, i));
  return new Uint8Array(digest.buffer);
}

const schedule = new Int32Array(64);

function mixBlocks(state: Int32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length; offset += blockBytes) {
    for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(offset + i * 4);
    for (let i = 16; i < 64; i++)
      schedule[i] =
        (smallSigma1(at(schedule, i - 2)) +
          at(schedule, i - 7) +
          smallSigma0(at(schedule, i - 15)) +
          at(schedule, i - 16)) |
        0;
    mixSchedule(state);
  }
}

function mixSchedule(state: Int32Array): void {
  let [a, b, c, d] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3)];
  let [e, f, g, h] = [at(state, 4), at(state, 5), at(state, 6), at(state, 7)];
  for (let i = 0; i < 64; i++) {
    const t1 = (h + bigSigma1(e) + ((e & f) ^ (~e & g)) + at(roundConstants, i) + at(schedule, i)) | 0;
    const t2 = (bigSigma0(a) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
const bigSigma0 = (word: number): number => rotate(word, 2) ^ rotate(word, 13) ^ rotate(word, 22);
const bigSigma1 = (word: number): number => rotate(word, 6) ^ rotate(word, 11) ^ rotate(word, 25);
const smallSigma0 = (word: number): number => rotate(word, 7) ^ rotate(word, 18) ^ (word >>> 3);
const smallSigma1 = (word: number): number => rotate(word, 17) ^ rotate(word, 19) ^ (word >>> 10);

/** Indices are always in range; the zero is for the type checker. */
function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

/** The first 32 bits of the fraction of a root of each of the first primes: the "nothing up my sleeve" numbers. */
function constants(root: (prime: number) => number, count: number): Int32Array {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

/**
 * MD5 (RFC 1321) of small inputs, for checking the composite ETag of a multipart object. Web Crypto does not offer MD5,
 * and WebAssembly made from bytes is refused by some edge runtimes; the inputs are 16 bytes per part, so plain
 * JavaScript is quick enough.
 */
const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

export function md5(input: Uint8Array): Uint8Array {
  const words = padded(input);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let offset = 0; offset < words.length; offset += 16)
    mixBlock(state, words.subarray(offset, offset + 16));
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, i) => digest.setInt32(i * 4, word, true));
  return new Uint8Array(digest.buffer);
}

/** The message, a one bit, zeros, and the length in bits, as little-endian words. */
function padded(input: Uint8Array): Int32Array {
  const bytes = new Uint8Array(Math.ceil((input.length + 9) / 64) * 64);
  bytes.set(input);
  bytes[input.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, input.length << 3, true);
  view.setUint32(bytes.length - 4, Math.floor(input.length / 2 ** 29), true);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true));
}

function mixBlock(state: Int32Array, block: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const [mixed, index] = round(i, b, c, d);
    const sum = (a + mixed + (sines[i] ?? 0) + (block[index] ?? 0)) | 0;
    const shift = shifts[(i >> 4) * 4 + (i & 3)] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  [a, b, c, d].forEach((word, i) => (state[i] = ((state[i] ?? 0) + word) | 0));
}

function round(i: number, b: number, c: number, d: number): [mixed: number, index: number] {
  if (i < 16) return [(b & c) | (~b & d), i];
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) & 15];
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) & 15];
  return [c ^ (b | ~d), (7 * i) & 15];
}

/**
 * MD5 of four messages of the same length at once, each in a lane of 128-bit vectors: a processor has the rounds of one
 * message wait for each other, and does those of four in the time of one. The WebAssembly is written here, instruction by
 * instruction; see https://webassembly.github.io/spec/core/binary/ and RFC 1321.
 */
export interface Md5Lanes {
  begin(): void;
  /** Where the bytes of that message are put for {@link Md5Lanes.update}; {@link stepBytes} of them. */
  bytesOf(lane: number): Uint8Array;
  /** Takes the first `count` bytes of every lane. Only the last call may have a `count` that is no multiple of 64. */
  update(count: number): void;
  /** The digests of messages of `sizeBytes` each. */
  digests(sizeBytes: number): Uint8Array[];
}

export const laneCount = 4;
/** A step takes as much of every message. Small, so that memory stays near the processor. */
export const stepBytes = 256 * 1024;

const blockBytes = 64;
const stateBytes = 64;
/** A message ends in a block that is not full, and in padding of up to two blocks. */
const strideBytes = stepBytes + 2 * blockBytes;
const pageBytes = 65_536;
const initialState = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

/** Undefined where there are no such vectors, or WebAssembly is forbidden. */
export async function createMd5Lanes(): Promise<Md5Lanes | undefined> {
  try {
    const { instance } = await WebAssembly.instantiate(moduleBytes());
    const { m, f } = instance.exports as { m: WebAssembly.Memory; f: (at: number, blocks: number) => void };
    const lanes = new Lanes(new Uint8Array(m.buffer), f);
    return isRight(lanes) ? lanes : undefined;
  } catch {
    return undefined;
  }
}

class Lanes implements Md5Lanes {
  readonly #memory: Uint8Array;
  readonly #run: (at: number, blocks: number) => void;
  /** Bytes of the last step that are no full block. */
  #tail = { at: 0, bytes: 0 };

  constructor(memory: Uint8Array, run: (at: number, blocks: number) => void) {
    this.#memory = memory;
    this.#run = run;
  }

  begin(): void {
    const state = new DataView(this.#memory.buffer);
    initialState.forEach((word, index) => {
      for (let lane = 0; lane < laneCount; lane++) state.setUint32(index * 16 + lane * 4, word, true);
    });
    this.#tail = { at: 0, bytes: 0 };
  }

  bytesOf(lane: number): Uint8Array {
    return this.#memory.subarray(stateBytes + lane * strideBytes, stateBytes + (lane + 1) * strideBytes);
  }

  update(count: number): void {
    const blocks = Math.floor(count / blockBytes);
    if (blocks > 0) this.#run(stateBytes, blocks);
    this.#tail = { at: blocks * blockBytes, bytes: count % blockBytes };
  }

  digests(sizeBytes: number): Uint8Array[] {
    const { at, bytes } = this.#tail;
    const blocks = bytes < blockBytes - 8 ? 1 : 2;
    for (let lane = 0; lane < laneCount; lane++) {
      const padded = this.bytesOf(lane).subarray(at, at + blocks * blockBytes);
      padded.fill(0, bytes);
      padded[bytes] = 0x80;
      const view = new DataView(padded.buffer, padded.byteOffset + padded.length - 8);
      view.setBigUint64(0, BigInt(sizeBytes) * 8n, true);
    }
    this.#run(stateBytes + at, blocks);
    return Array.from({ length: laneCount }, (_, lane) => {
      const digest = new Uint8Array(16);
      for (let index = 0; index < 16; index++)
        digest[index] = this.#memory[(index >> 2) * 16 + lane * 4 + (index & 3)] ?? 0;
      return digest;
    });
  }
}

/** Whether the bytes 0 to 63 have the MD5 that they have, in each lane: a digest that is wrong would stop every upload. */
function isRight(lanes: Md5Lanes): boolean {
  lanes.begin();
  for (let lane = 0; lane < laneCount; lane++)
    for (let index = 0; index < blockBytes; index++) lanes.bytesOf(lane)[index] = index;
  lanes.update(blockBytes);
  const known = '178,211,245,107,193,151,253,152,93,89,101,7,155,94,113,72';
  return lanes.digests(blockBytes).every((digest) => digest.join() === known);
}

// Locals of the function: its parameters, the state, the state before the block, a sum, and the 16 words of the block.
const [at, blocks, a, b, c, d, before, sum, words] = [0, 1, 2, 3, 4, 5, 6, 10, 11];
const vectorLocals = 25;

const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
/** Up to 8191: the number is signed. */
const constant = (value: number): number[] =>
  value < 64 ? [0x41, value] : [0x41, (value & 127) | 128, value >>> 7];
const [load, loadZero, loadLane, store, vector] = [simd(0), simd(92), simd(86), simd(11), simd(12)];
const [not, or, xor, select] = [simd(77), simd(80), simd(81), simd(82)];
const [left, right, add] = [simd(171), simd(173), simd(174)];

/** A module with the memory `m` and the function `f(at, blocks)`. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const pages = Math.ceil((stateBytes + laneCount * strideBytes) / pageBytes);
  const state = [a, b, c, d];
  const body = [
    // One group of locals.
    ...[1, vectorLocals, 0x7b],
    ...state.flatMap((local, index) => [...constant(0), ...load, ...[4, index * 16], ...set(local)]),
    // loop
    ...[0x03, 0x40],
    ...state.flatMap((local, index) => [...get(local), ...set(before + index)]),
    ...Array.from({ length: 16 }, (_, index) => loadWord(index)).flat(),
    ...rounds.flatMap(stepsOf),
    ...state.flatMap((local, index) => [...get(local), ...get(before + index), ...add, ...set(local)]),
    ...[...get(at), ...constant(blockBytes), 0x6a, ...set(at)],
    // br_if 0 and end of the loop
    ...[...get(blocks), ...constant(1), 0x6b, 0x22, blocks, 0x0d, 0, 0x0b],
    ...state.flatMap((local, index) => [...constant(0), ...get(local), ...store, ...[4, index * 16]]),
    0x0b,
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // (i32, i32) → ()
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** That word of the block, of each message. */
function loadWord(index: number): number[] {
  const address = (lane: number) => [2, ...leb(lane * strideBytes + index * 4)];
  return [
    ...[...get(at), ...get(at), ...get(at), ...get(at)],
    ...[...loadZero, ...address(0)],
    ...[1, 2, 3].flatMap((lane) => [...loadLane, ...address(lane), lane]),
    ...set(words + index),
  ];
}

interface Round {
  readonly mix: (b: number[], c: number[], d: number[]) => number[];
  /** Which word is added in its step `index`. */
  readonly word: (index: number) => number;
  readonly rotations: readonly number[];
}

const rounds: readonly Round[] = [
  {
    mix: (b1, c1, d1) => [...c1, ...d1, ...b1, ...select],
    word: (index) => index,
    rotations: [7, 12, 17, 22],
  },
  {
    mix: (b1, c1, d1) => [...b1, ...c1, ...d1, ...select],
    word: (index) => 5 * index + 1,
    rotations: [5, 9, 14, 20],
  },
  {
    mix: (b1, c1, d1) => [...b1, ...c1, ...xor, ...d1, ...xor],
    word: (index) => 3 * index + 5,
    rotations: [4, 11, 16, 23],
  },
  {
    mix: (b1, c1, d1) => [...d1, ...not, ...b1, ...or, ...c1, ...xor],
    word: (index) => 7 * index,
    rotations: [6, 10, 15, 21],
  },
];

/** Its 16 steps: a = b + ((a + mix(b, c, d) + word + constant) <<< rotation), with the names moved on by one in each. */
function stepsOf({ mix, word, rotations }: Round, number: number): number[] {
  return Array.from({ length: 16 }, (_, index) => {
    const name = (place: number) => a + ((place - index) & 3);
    const [b1, c1, d1] = [get(name(1)), get(name(2)), get(name(3))];
    const rotation = rotations[index & 3] ?? 0;
    const k = Math.floor(Math.abs(Math.sin(number * 16 + index + 1)) * 2 ** 32);
    const bytes = [k, k >>> 8, k >>> 16, k >>> 24].map((byte) => byte & 255);
    return [
      ...[...mix(b1, c1, d1), ...get(name(0)), ...add, ...get(words + (word(index) & 15)), ...add],
      ...[...vector, ...bytes, ...bytes, ...bytes, ...bytes, ...add, ...set(sum)],
      ...[...get(sum), ...constant(rotation), ...left, ...get(sum), ...constant(32 - rotation), ...right],
      ...[...or, ...b1, ...add, ...set(name(0))],
    ];
  }).flat();
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

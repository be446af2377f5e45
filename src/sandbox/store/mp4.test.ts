import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { MemoryByteStore } from './byte-store.js';
import { readMp4Info } from './mp4.js';
import { receive } from './receive.js';

function box(type: string, ...bodies: Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value, index * 4));
  return buffer;
}

async function factsOf(bytes: Buffer): Promise<unknown> {
  return await readMp4Info(await receive(new MemoryByteStore(), Readable.from([bytes])));
}

const mvhd = box('mvhd', words(0, 0, 0, 600, 1500));
const trak = (width: number, height: number): Buffer =>
  box('trak', box('tkhd', words(0, 0, 0, 0, width << 16, height << 16)));

it('reads duration and frame size wherever the moov box is', async () => {
  const moov = box('moov', mvhd, trak(0, 0), trak(1280, 720));
  const expected = { durationMs: 2500, width: 1280, height: 720, rotation: 0 };
  expect(await factsOf(Buffer.concat([box('ftyp'), moov, box('mdat', Buffer.alloc(5000))]))).toEqual(
    expected,
  );
  expect(await factsOf(Buffer.concat([box('ftyp'), box('mdat', Buffer.alloc(5000)), moov]))).toEqual(
    expected,
  );
});

it('states no duration of a film in fragments, whose header has none', async () => {
  const moov = box('moov', box('mvhd', words(0, 0, 0, 600, 0)), trak(1280, 720));
  const bytes = Buffer.concat([box('ftyp'), moov, box('moof'), box('mdat', Buffer.alloc(5000))]);
  expect(await factsOf(bytes)).toEqual({ width: 1280, height: 720, rotation: 0 });
});

/** A track of two seconds, of samples of these sizes. */
const media = (kind: string, entry: Buffer, sizes: number[]): Buffer =>
  box(
    'mdia',
    box('mdhd', words(0, 0, 0, 1000, 2000, 0)),
    box('hdlr', words(0, 0), Buffer.from(kind), Buffer.alloc(13)),
    box(
      'minf',
      box('stbl', box('stsd', words(0, 1), entry), box('stsz', words(0, 0, sizes.length, ...sizes))),
    ),
  );

it('reads the codecs, rates, channels and the rotation of tracks', async () => {
  const sound = Buffer.alloc(28);
  sound.writeUInt16BE(2, 16);
  sound.writeUInt16BE(48_000, 24);
  const quarterTurn = words(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000);
  const video = box(
    'trak',
    box('tkhd', words(0, 0, 0), quarterTurn, words(640 << 16, 360 << 16)),
    media('vide', box('hvc1', Buffer.alloc(78)), [1000, 2000, 3000]),
  );
  const audio = box('trak', media('soun', box('mp4a', sound), [100, 150]));
  expect(await factsOf(box('moov', mvhd, video, audio))).toEqual({
    durationMs: 2500,
    width: 640,
    height: 360,
    rotation: 90,
    videoCodec: 'hevc',
    frameRate: 1.5,
    videoBitsPerSecond: 24_000,
    audioCodec: 'aac',
    audioChannels: 2,
    samplingRate: 48_000,
    audioBitsPerSecond: 1000,
  });
});

it.each([
  ['text', Buffer.from('This is only text, whatever it is called.')],
  ['nothing', Buffer.alloc(0)],
  ['a header cut short', box('moov', mvhd).subarray(0, 20)],
])('reads no media info from %s', async (_, bytes) => {
  expect(await factsOf(bytes)).toEqual({});
});

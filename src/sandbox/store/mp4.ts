import type { StoredBytes } from './receive.js';

type Source = Pick<StoredBytes, 'sizeBytes' | 'read'>;

export interface Mp4Info {
  durationMs?: number;
  width?: number;
  height?: number;
  /** Degrees clockwise by which players turn the frame: 0, 90, 180 or 270. */
  rotation?: number;
  /** As in `h264`, `hevc`, `vp9`, `av1`. */
  videoCodec?: string;
  /** Frames a second, the mean of the track. */
  frameRate?: number;
  videoBitsPerSecond?: number;
  /** As in `aac`, `opus`. */
  audioCodec?: string;
  audioChannels?: number;
  /** Hz */
  samplingRate?: number;
  audioBitsPerSecond?: number;
}

/** By the four characters of the sample entry; others are named by these. */
const codecs: Readonly<Record<string, string>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  vp09: 'vp9',
  av01: 'av1',
  mp4a: 'aac',
  Opus: 'opus',
};

/** Larger `moov` boxes are not parsed. */
const maxMoovBytes = 32 * 1024 * 1024;

/**
 * What the headers of an MP4 or MOV (ISO 14496-12) say: all that the services' answers tell of a file. Empty for other
 * files.
 */
export async function readMp4Info(source: Source): Promise<Mp4Info> {
  try {
    const moov = await findMoov(source);
    return moov ? infoOf(moov) : {};
  } catch {
    // A damaged or unknown file has no media info; that is not an error.
    return {};
  }
}

async function findMoov(source: Source): Promise<Buffer | undefined> {
  const { sizeBytes } = source;
  for (let offset = 0; offset + 8 <= sizeBytes;) {
    const head = await readBytes(source, offset, 16);
    const size = boxSize(head, 0, sizeBytes - offset);
    if (size < 8 || size > sizeBytes - offset) return undefined;
    if (head.toString('latin1', 4, 8) === 'moov') {
      if (size > maxMoovBytes) return undefined;
      return await readBytes(source, offset, size);
    }
    offset += size;
  }
  return undefined;
}

/** Zeros beyond the end, so that a truncated header reads as an invalid one. */
async function readBytes({ sizeBytes, read }: Source, offset: number, length: number): Promise<Buffer> {
  const target = Buffer.alloc(length);
  let filled = 0;
  for await (const chunk of read(offset, Math.min(offset + length, sizeBytes)))
    filled += chunk.copy(target, filled);
  return target;
}

function infoOf(moov: Buffer): Mp4Info {
  const info: Mp4Info = {};
  for (const box of children(moov)) {
    if (box.type === 'mvhd') Object.assign(info, timeOf(box.body));
    if (box.type === 'trak') Object.assign(info, trackInfo(box.whole));
  }
  return info;
}

function trackInfo(trak: Buffer): Mp4Info {
  const header = inside(trak, 'tkhd');
  // 16.16 fixed point, the last eight bytes; audio tracks have none.
  const [width, height] = header
    ? [header.readUInt32BE(header.length - 8) >>> 16, header.readUInt32BE(header.length - 4) >>> 16]
    : [0, 0];
  return {
    ...(width > 0 && height > 0 ? { width, height, rotation: rotationOf(header) } : {}),
    ...mediaInfo(trak),
  };
}

/** From the first two values of the matrix, 44 bytes before the end. */
function rotationOf(header: Buffer | undefined): number {
  if (!header || header.length < 44) return 0;
  const [cosine, sine] = [header.readInt32BE(header.length - 44), header.readInt32BE(header.length - 40)];
  return (Math.round((Math.atan2(sine, cosine) * 2) / Math.PI) * 90 + 360) % 360;
}

/** Codec and rates, from the boxes of the track's samples. */
function mediaInfo(trak: Buffer): Mp4Info {
  const samples = ['minf', 'stbl'];
  const kind = inside(trak, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
  const clock = inside(trak, 'mdia', 'mdhd');
  const entry = inside(trak, 'mdia', ...samples, 'stsd')?.subarray(8);
  if (!clock || !entry || entry.length < 36) return {};
  const name = entry.toString('latin1', 4, 8);
  const codec = codecs[name] ?? name.trim();
  const seconds = (timeOf(clock).durationMs ?? 0) / 1000;
  const { count, sizeBytes } = samplesOf(inside(trak, 'mdia', ...samples, 'stsz'));
  const perSecond = (amount: number) => (seconds > 0 ? amount / seconds : 0);
  const bitsPerSecond = Math.round(perSecond(sizeBytes * 8));
  if (kind === 'vide')
    return {
      videoCodec: codec,
      frameRate: Math.round(perSecond(count) * 1000) / 1000,
      videoBitsPerSecond: bitsPerSecond,
    };
  if (kind !== 'soun') return {};
  return {
    audioCodec: codec,
    audioChannels: entry.readUInt16BE(24),
    // 16.16 fixed point
    samplingRate: entry.readUInt16BE(32),
    audioBitsPerSecond: bitsPerSecond,
  };
}

/** One size for all samples, or a size for each. */
function samplesOf(stsz: Buffer | undefined): { count: number; sizeBytes: number } {
  if (!stsz || stsz.length < 12) return { count: 0, sizeBytes: 0 };
  const [size, count] = [stsz.readUInt32BE(4), stsz.readUInt32BE(8)];
  if (size > 0) return { count, sizeBytes: size * count };
  let sizeBytes = 0;
  for (let offset = 12; offset + 4 <= stsz.length; offset += 4) sizeBytes += stsz.readUInt32BE(offset);
  return { count, sizeBytes };
}

/** The body of the box at this path inside a box. */
function inside(box: Buffer, ...path: readonly string[]): Buffer | undefined {
  const [first, ...rest] = path;
  const found = children(box).find(({ type }) => type === first);
  return rest.length === 0 ? found?.body : found && inside(found.whole, ...rest);
}

/** Of a `mvhd` or a `mdhd`, which begin alike. Films in fragments state a length of 0: it is not known there. */
function timeOf(header: Buffer): Mp4Info {
  const isLong = header.readUInt8(0) === 1;
  const scale = header.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return scale > 0 && duration > 0 ? { durationMs: Math.round((duration / scale) * 1000) } : {};
}

function children(box: Buffer): { type: string; whole: Buffer; body: Buffer }[] {
  const found = [];
  for (let offset = 8; offset + 8 <= box.length;) {
    const size = boxSize(box, offset, box.length - offset);
    if (size < 8) break;
    const whole = box.subarray(offset, offset + size);
    found.push({ type: box.toString('latin1', offset + 4, offset + 8), whole, body: whole.subarray(8) });
    offset += size;
  }
  return found;
}

/** 0 means "to the end", 1 that the size follows in 64 bits. */
function boxSize(buffer: Buffer, offset: number, rest: number): number {
  const size = buffer.readUInt32BE(offset);
  if (size === 0) return rest;
  return size === 1 && buffer.length >= offset + 16 ? Number(buffer.readBigUInt64BE(offset + 8)) : size;
}

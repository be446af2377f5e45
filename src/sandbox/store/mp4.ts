import type { StoredBytes } from './receive.js';

type Source = Pick<StoredBytes, 'sizeBytes' | 'read'>;

export interface Mp4Info {
  durationMs?: number;
  width?: number;
  height?: number;
}

/** Larger `moov` boxes are not parsed. */
const maxMoovBytes = 32 * 1024 * 1024;

/** Duration and frame size from the headers of an MP4 or MOV (ISO 14496-12); empty for other files. */
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
    if (box.type !== 'trak') continue;
    const header = children(box.whole).find(({ type }) => type === 'tkhd')?.body;
    // 16.16 fixed point, the last eight bytes; audio tracks have none.
    const [width, height] = header
      ? [header.readUInt32BE(header.length - 8) >>> 16, header.readUInt32BE(header.length - 4) >>> 16]
      : [0, 0];
    if (width > 0 && height > 0) Object.assign(info, { width, height });
  }
  return info;
}

function timeOf(mvhd: Buffer): Mp4Info {
  const isLong = mvhd.readUInt8(0) === 1;
  const scale = mvhd.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16);
  return scale > 0 ? { durationMs: Math.round((duration / scale) * 1000) } : {};
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

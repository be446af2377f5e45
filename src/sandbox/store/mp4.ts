import { open, type FileHandle } from 'node:fs/promises';

export interface Mp4Facts {
  durationMs?: number;
  width?: number;
  height?: number;
}

/** A `moov` larger than this is not worth reading for three numbers. */
const maxMoovBytes = 32 * 1024 * 1024;

/** Length and frame size from the headers of an MP4 or MOV (ISO 14496-12); nothing for any other file. */
export async function readMp4Facts(path: string, sizeBytes: number): Promise<Mp4Facts> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const moov = await findMoov(file, sizeBytes);
    return moov ? factsOf(moov) : {};
  } catch {
    // A broken or foreign file has no facts; that is an answer, not a failure.
    return {};
  } finally {
    await file?.close();
  }
}

async function findMoov(file: FileHandle, sizeBytes: number): Promise<Buffer | undefined> {
  const head = Buffer.alloc(16);
  for (let offset = 0; offset + 8 <= sizeBytes;) {
    await file.read(head, 0, 16, offset);
    const size = boxSize(head, 0, sizeBytes - offset);
    if (size < 8 || size > sizeBytes - offset) return undefined;
    if (head.toString('latin1', 4, 8) === 'moov') {
      if (size > maxMoovBytes) return undefined;
      const box = Buffer.alloc(size);
      await file.read(box, 0, size, offset);
      return box;
    }
    offset += size;
  }
  return undefined;
}

function factsOf(moov: Buffer): Mp4Facts {
  const facts: Mp4Facts = {};
  for (const box of children(moov)) {
    if (box.type === 'mvhd') Object.assign(facts, timeOf(box.body));
    if (box.type !== 'trak') continue;
    const header = children(box.whole).find(({ type }) => type === 'tkhd')?.body;
    // 16.16 fixed point, the last eight bytes; audio tracks have none.
    const [width, height] = header
      ? [header.readUInt32BE(header.length - 8) >>> 16, header.readUInt32BE(header.length - 4) >>> 16]
      : [0, 0];
    if (width > 0 && height > 0) Object.assign(facts, { width, height });
  }
  return facts;
}

function timeOf(mvhd: Buffer): Mp4Facts {
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

import type { MediaProbe } from './types.js';
import { asciiOf, type Box, FileReader } from './mp4-boxes.js';

/** Sample entries (ISO/IEC 14496-12, the codecs' own bindings, QuickTime File Format) and the short names of codecs. */
const videoCodecs: Readonly<Record<string, string>> = {
  avc1: 'avc',
  avc3: 'avc',
  hvc1: 'hevc',
  hev1: 'hevc',
  vp08: 'vp8',
  vp09: 'vp9',
  av01: 'av1',
  apcn: 'prores',
  apch: 'prores',
  apcs: 'prores',
  apco: 'prores',
  ap4h: 'prores',
  ap4x: 'prores',
};
const audioCodecs: Readonly<Record<string, string>> = {
  Opus: 'opus',
  fLaC: 'flac',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
};

/** ITU-T H.273 transfer characteristics of high dynamic range: PQ and HLG. */
const hdrTransfers: ReadonlySet<number> = new Set([16, 18]);
/** Without these at their end, the file ends before what it says it holds. */
const mediaBoxes: ReadonlySet<string> = new Set(['mdat', 'moov', 'moof']);

/**
 * Reads the headers of an MP4 or QuickTime file: some kilobytes, wherever its index is. Undefined for other files, and
 * for what it does not know, which a larger reader has to tell.
 */
export async function readMp4Headers(file: Blob): Promise<MediaProbe | undefined> {
  const reader = new FileReader(file);
  const { boxes, isCut } = await topLevel(reader);
  const [first] = boxes;
  if (!first || !['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'].includes(first.type))
    return undefined;
  const moov = boxes.find(({ type }) => type === 'moov');
  const hasMedia = boxes.some(({ type }) => type === 'mdat');
  // The index is written last by most cameras: without it nothing can play what was recorded.
  if (!moov || moov.end > file.size) return isCut || hasMedia ? { isIncomplete: true } : undefined;
  // The length of a file in fragments is the sum of them.
  if (boxes.some(({ type }) => type === 'moof') || (await reader.find(moov, 'mvex'))) return undefined;
  const probe = await readMovie(reader, moov);
  return probe && { ...probe, isIncomplete: isCut || undefined };
}

async function topLevel(reader: FileReader): Promise<{ boxes: readonly Box[]; isCut: boolean }> {
  const boxes: Box[] = [];
  for await (const box of reader.boxes(0, reader.size)) boxes.push(box);
  const last = boxes.at(-1);
  return { boxes, isCut: last !== undefined && mediaBoxes.has(last.type) && last.end > reader.size };
}

async function readMovie(reader: FileReader, moov: Box): Promise<MediaProbe | undefined> {
  const durationSeconds = await readDuration(reader, moov);
  if (durationSeconds === undefined) return undefined;
  let video: MediaProbe | undefined;
  let audio: { readonly audioCodec: string | undefined } | undefined;
  for await (const trak of reader.boxes(moov.start, moov.end)) {
    if (trak.type !== 'trak') continue;
    const kind = await handlerOf(reader, trak);
    if (kind === 'vide' && !video) video = await readVideo(reader, trak);
    if (kind === 'soun' && !audio) audio = await readAudio(reader, trak);
    // A codec that is not known here may be known elsewhere.
    if ((kind === 'vide' && !video) || (kind === 'soun' && !audio?.audioCodec)) return undefined;
  }
  if (!video && !audio) return undefined;
  return { durationSeconds, hasAudio: audio !== undefined, ...video, ...audio };
}

async function readDuration(reader: FileReader, moov: Box): Promise<number | undefined> {
  const mvhd = await reader.find(moov, 'mvhd');
  if (!mvhd) return undefined;
  const view = await reader.read(mvhd.start, 32);
  const isLong = view.getUint8(0) === 1;
  const scale = view.getUint32(isLong ? 20 : 12);
  const duration = isLong ? Number(view.getBigUint64(24)) : view.getUint32(16);
  const seconds = duration / scale;
  // All bits set: unknown.
  return Number.isFinite(seconds) && seconds > 0 && duration !== 0xffff_ffff ? seconds : undefined;
}

async function handlerOf(reader: FileReader, trak: Box): Promise<string | undefined> {
  const hdlr = await reader.find(trak, 'mdia', 'hdlr');
  return hdlr && asciiOf(await reader.read(hdlr.start, 12), 8);
}

async function readVideo(reader: FileReader, trak: Box): Promise<MediaProbe | undefined> {
  const [tkhd, entry] = [await reader.find(trak, 'tkhd'), await sampleEntry(reader, trak)];
  const videoCodec = entry && videoCodecs[entry.type];
  if (!tkhd || !videoCodec) return undefined;
  const view = await reader.read(tkhd.start, 96);
  const matrixAt = view.getUint8(0) === 1 ? 52 : 40;
  const [a, b] = [view.getInt32(matrixAt), view.getInt32(matrixAt + 4)];
  const rotation = (Math.round(Math.atan2(b, a) / (Math.PI / 2)) * 90 + 360) % 360;
  const [width, height] = await displaySize(reader, entry);
  if (!width || !height) return undefined;
  const isTurned = rotation % 180 !== 0;
  return {
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    rotation: rotation || undefined,
    videoCodec,
    ...(await readPicture(reader, entry)),
  };
}

/** The size of the pictures with the shape of their pixels; after 78 bytes of fields the entry has boxes. */
async function displaySize(reader: FileReader, entry: Box): Promise<readonly [number, number]> {
  const view = await reader.read(entry.start, 78);
  const [width, height] = [view.getUint16(24), view.getUint16(26)];
  const pasp = await reader.find(inVideoEntry(entry), 'pasp');
  if (!pasp) return [width, height];
  const shape = await reader.read(pasp.start, 8);
  const [across, down] = [shape.getUint32(0), shape.getUint32(4)];
  if (!across || !down) return [width, height];
  return across > down
    ? [Math.round((width * across) / down), height]
    : [width, Math.round((height * down) / across)];
}

const inVideoEntry = ({ start, end }: Box) => ({ start: start + 78, end });

/** How many bits a color has, and whether they are of a high dynamic range. */
async function readPicture(reader: FileReader, entry: Box): Promise<Pick<MediaProbe, 'bitDepth' | 'isHdr'>> {
  let bitDepth: number | undefined;
  let isHdr: true | undefined;
  for await (const { type, start, end } of reader.boxes(entry.start + 78, entry.end)) {
    const view = await reader.read(start, Math.min(end - start, 64));
    // Where the configuration records have it: ISO/IEC 14496-15, AV1 and VP9 in ISO base media.
    if (type === 'hvcC' && view.byteLength > 17) bitDepth = (view.getUint8(17) & 7) + 8;
    if (type === 'av1C' && view.byteLength > 2) bitDepth = [8, 8, 10, 12][(view.getUint8(2) >> 5) & 3];
    if (type === 'vpcC' && view.byteLength > 6) bitDepth = view.getUint8(6) >> 4;
    // High 10 and High 10 Intra; the profiles with other colors keep their depth in the parameter sets.
    if (type === 'avcC' && view.byteLength > 1) bitDepth = view.getUint8(1) === 110 ? 10 : undefined;
    if (type === 'colr' && view.byteLength >= 10 && /^ncl[xc]$/.test(asciiOf(view, 0)))
      isHdr = hdrTransfers.has(view.getUint16(6)) || undefined;
  }
  return { bitDepth, isHdr };
}

async function readAudio(
  reader: FileReader,
  trak: Box,
): Promise<{ readonly audioCodec: string | undefined }> {
  const entry = await sampleEntry(reader, trak);
  const codec = entry && audioCodecs[entry.type];
  if (codec || entry?.type !== 'mp4a') return { audioCodec: codec };
  return { audioCodec: await mp4aCodec(reader, entry) };
}

/** AAC or MP3, by the object type of the decoder configuration (ISO/IEC 14496-1). */
async function mp4aCodec(reader: FileReader, entry: Box): Promise<string | undefined> {
  const view = await reader.read(entry.start, 28);
  // QuickTime has more fields in its versions 1 and 2, and puts the box into another one.
  const fields = [28, 44, 64][view.getUint16(8)] ?? 28;
  const inside = { start: entry.start + fields, end: entry.end };
  const esds = (await reader.find(inside, 'esds')) ?? (await reader.find(inside, 'wave', 'esds'));
  if (!esds) return undefined;
  const bytes = await reader.read(esds.start, Math.min(esds.end - esds.start, 64));
  for (let at = 4; at + 2 < bytes.byteLength; at++) {
    // A decoder configuration: tag 4, its length in one to four bytes, the object type.
    if (bytes.getUint8(at) !== 4) continue;
    let type = at + 1;
    while (type < bytes.byteLength - 1 && bytes.getUint8(type) & 0x80) type++;
    const object = bytes.getUint8(type + 1);
    if (object === 0x40 || object === 0x66 || object === 0x67 || object === 0x68) return 'aac';
    if (object === 0x69 || object === 0x6b) return 'mp3';
  }
  return undefined;
}

async function sampleEntry(reader: FileReader, trak: Box): Promise<Box | undefined> {
  const stsd = await reader.find(trak, 'mdia', 'minf', 'stbl', 'stsd');
  if (!stsd) return undefined;
  // Version, flags and count stand before the first entry.
  for await (const entry of reader.boxes(stsd.start + 8, stsd.end)) return entry;
  return undefined;
}

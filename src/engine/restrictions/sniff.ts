export type MediaKind = 'video' | 'audio' | 'image' | 'text' | 'other';

/** Bytes of the head that are looked at. */
export const sniffBytes = 512;

const signatures: readonly { kind: MediaKind; at: number; bytes: readonly number[] }[] = [
  { kind: 'video', at: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] }, // Matroska, WebM
  { kind: 'video', at: 0, bytes: [0x46, 0x4c, 0x56, 0x01] }, // FLV
  { kind: 'video', at: 0, bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11] }, // ASF, WMV
  { kind: 'video', at: 0, bytes: [0x00, 0x00, 0x01, 0xba] }, // MPEG program stream
  { kind: 'video', at: 0, bytes: [0x00, 0x00, 0x01, 0xb3] }, // MPEG video
  { kind: 'video', at: 0, bytes: [0x06, 0x0e, 0x2b, 0x34] }, // MXF
  { kind: 'video', at: 8, bytes: [0x41, 0x56, 0x49, 0x20] }, // AVI inside RIFF
  { kind: 'audio', at: 8, bytes: [0x57, 0x41, 0x56, 0x45] }, // WAVE inside RIFF
  { kind: 'image', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] }, // WebP inside RIFF
  { kind: 'audio', at: 0, bytes: [0x49, 0x44, 0x33] }, // MP3 with ID3
  { kind: 'audio', at: 0, bytes: [0x66, 0x4c, 0x61, 0x43] }, // FLAC
  { kind: 'video', at: 0, bytes: [0x4f, 0x67, 0x67, 0x53] }, // Ogg: either; video is the wider door
  { kind: 'image', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { kind: 'image', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'image', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: 'image', at: 0, bytes: [0x42, 0x4d] },
  // AppleDouble and AppleSingle, RFC 1740: what macOS keeps beside a file on a foreign disk, as `._clip.mp4`.
  { kind: 'other', at: 0, bytes: [0x00, 0x05, 0x16, 0x07] },
  { kind: 'other', at: 0, bytes: [0x00, 0x05, 0x16, 0x00] },
  { kind: 'other', at: 0, bytes: [0x25, 0x50, 0x44, 0x46] }, // PDF
  { kind: 'other', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] }, // ZIP and office documents
  { kind: 'other', at: 0, bytes: [0x52, 0x61, 0x72, 0x21] }, // RAR
  { kind: 'other', at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf] }, // 7z
  { kind: 'other', at: 0, bytes: [0x1f, 0x8b] }, // gzip
  { kind: 'other', at: 0, bytes: [0x4d, 0x5a] }, // Windows programs
  { kind: 'other', at: 0, bytes: [0x7f, 0x45, 0x4c, 0x46] }, // ELF programs
];

/** First boxes that an ISO base media or QuickTime file may begin with. */
const isoBoxes = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'moof', 'sidx']);
const audioBrands = new Set(['M4A ', 'M4B ', 'M4P ']);
const imageBrands = new Set(['heic', 'heix', 'mif1', 'msf1', 'avif', 'avis']);

/** What the first bytes of a file say it is; `undefined` when they say nothing. */
export function sniff(head: Uint8Array): MediaKind | undefined {
  const box = ascii(head, 4, 8);
  if (isoBoxes.has(box)) {
    const brand = box === 'ftyp' ? ascii(head, 8, 12) : '';
    return audioBrands.has(brand) ? 'audio' : imageBrands.has(brand) ? 'image' : 'video';
  }
  // MPEG transport streams have no signature, only a beat: a sync byte every 188 bytes (192 with time codes).
  if ((head[0] === 0x47 && head[188] === 0x47) || (head[4] === 0x47 && head[196] === 0x47)) return 'video';
  const match = signatures.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte));
  if (match) return match.kind;
  // MPEG audio frames: eleven set bits; last because it is the weakest sign; FF FE is UTF-16's mark.
  if (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0 && head[1] !== 0xfe) return 'audio';
  return isText(head) ? 'text' : undefined;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** Valid UTF-8 without control characters, or with a byte order mark of UTF-16. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c))
    return false;
  try {
    // `stream` forgives a character that is cut at the end of the head.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

import type { MediaProbe } from '../restrictions/types.js';
import type { UploadNote } from './types.js';

/** Played by some browsers and systems only: HEVC by hardware, ProRes by Safari. */
const rareCodecs: ReadonlySet<string> = new Set(['hevc', 'prores']);

/** What the headers of a video say that a person may want to know. Nothing of what has no picture. */
export function notesOf(probe: MediaProbe | undefined): readonly UploadNote[] {
  if (!probe) return [];
  const { width = 0, height = 0, videoCodec, bitDepth, isHdr, hasAudio, isIncomplete } = probe;
  const notes: (UploadNote | false | undefined)[] = [
    isIncomplete && { code: 'incomplete' },
    videoCodec !== undefined &&
      (rareCodecs.has(videoCodec) || isRareDepth(videoCodec, bitDepth)) && {
        code: 'codec',
        codec: videoCodec,
        bitDepth: bitDepth === 8 ? undefined : bitDepth,
      },
    isHdr && { code: 'hdr' },
    videoCodec !== undefined && hasAudio === false && { code: 'no-sound' },
    height > width && { code: 'vertical', width, height },
  ];
  return notes.filter((note): note is UploadNote => typeof note === 'object');
}

/** VP9 and AV1 are decoded with 10 bits wherever they are decoded by software; H.264 is not. */
function isRareDepth(codec: string, bitDepth = 8): boolean {
  return codec === 'avc' && bitDepth > 8;
}

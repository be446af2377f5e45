import type { UploadNote } from '../../engine/index.js';
import { type Format, splitName } from '../format/index.js';
import { count, fill } from '../messages/fill.js';
import type { NoteWords } from '../messages/en-on-demand.js';

/** How codecs are known to people. */
const codecNames: Readonly<Record<string, string>> = { avc: 'H.264', hevc: 'HEVC', prores: 'ProRes' };

/** What the sentences depend on. */
export interface NoteContext {
  readonly words: NoteWords;
  readonly format: Format;
  /** The cloud makes versions that browsers play; otherwise it is not known to. */
  readonly transcodes: boolean;
}

export function noteTitle(note: UploadNote, { words, format, transcodes }: NoteContext): string {
  switch (note.code) {
    case 'codec': {
      const name = codecNames[note.codec] ?? note.codec.toUpperCase();
      const codec = note.bitDepth ? count(words.depth, note.bitDepth, format, { codec: name }) : name;
      return transcodes ? fill(words.transcoded, { codec }) : codec;
    }
    case 'hdr':
      return words.hdr;
    case 'no-sound':
      return words.noSound;
    case 'vertical':
      return words.vertical;
    case 'incomplete':
      return words.incomplete;
    case 'same-video':
      return words.sameVideo;
    default:
      return note satisfies never;
  }
}

/** A sentence about one file. */
export function noteText(
  note: UploadNote,
  fileName: string,
  { words, format, transcodes, now }: NoteContext & { now: number },
): string {
  const file = cut(fileName);
  switch (note.code) {
    case 'codec':
      return fill(transcodes ? words.transcodedText : words.codecText, { file });
    case 'hdr':
      return fill(words.hdrText, { file });
    case 'no-sound':
      return fill(words.noSoundText, { file });
    case 'vertical': {
      const size = `${format.plain(note.width)} × ${format.plain(note.height)}`;
      return fill(words.verticalText, { file, size });
    }
    case 'incomplete':
      return fill(words.incompleteText, { file });
    case 'same-video':
      return note.duplicateOf
        ? fill(words.sameVideoText, { file, other: cut(note.duplicateOf.fileName) })
        : fill(words.sentBeforeText, { file, moment: format.moment(note.sentAt ?? now, now) });
    default:
      return note satisfies never;
  }
}

const longest = 32;

/** In the middle of a sentence a long name gives way in its own middle, as in the rows. */
export function cut(name: string): string {
  if (name.length <= longest) return name;
  const { head, tail } = splitName(name);
  const room = Math.max(8, longest - tail.length);
  return head.length > room ? `${Array.from(head).slice(0, room).join('').trimEnd()}…${tail}` : name;
}

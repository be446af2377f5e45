import type { UploadNote, UploadSnapshot } from '../../engine/index.js';

/** Files of which the same is to be known. */
export interface NoteGroup {
  readonly key: string;
  readonly note: UploadNote;
  readonly uploads: readonly UploadSnapshot[];
}

/** What a person may want to act on comes first. */
const order: readonly UploadNote['code'][] = [
  'incomplete',
  'same-video',
  'no-sound',
  'codec',
  'hdr',
  'vertical',
];

/** One group for each thing to know, so that two hundred upright videos are one line. */
export function groupNotes(uploads: readonly UploadSnapshot[]): readonly NoteGroup[] {
  const groups = new Map<string, NoteGroup & { readonly uploads: UploadSnapshot[] }>();
  for (const upload of uploads)
    for (const note of upload.notes ?? []) {
      const key = note.code === 'codec' ? `codec ${note.codec} ${note.bitDepth ?? ''}` : note.code;
      const group = groups.get(key);
      if (group) group.uploads.push(upload);
      else groups.set(key, { key, note, uploads: [upload] });
    }
  return [...groups.values()].sort((a, b) => order.indexOf(a.note.code) - order.indexOf(b.note.code));
}

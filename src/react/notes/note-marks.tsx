import { useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import { useSheet } from '../hooks/use-sheet.js';
import { groupNotes } from './group-notes.js';
import { NoteIcon } from './note-icon.js';
import { noteText, noteTitle } from './note-text.js';
import { useNoteContext } from './use-note-context.js';
import css from './notes.css?inline';

/** One mark for each thing to know: its words are its tooltip, and part of what a screen reader says of the row. */
export function NoteMarks({ upload }: { upload: UploadSnapshot }): ReactNode {
  const notes = useNoteTexts(upload);
  return (
    <span className="vd-marks" id={`${upload.id}-notes`}>
      {notes?.map(({ code, title, text }) => (
        <span key={title} data-note-code={code} title={`${title}. ${text}`}>
          <NoteIcon code={code} />
          <span className="vd-hidden">{title}, </span>
        </span>
      ))}
    </span>
  );
}

/** In the details dialog. */
export function NoteList({ upload }: { upload: UploadSnapshot }): ReactNode {
  const notes = useNoteTexts(upload);
  if (!notes) return null;
  return (
    <ul className="vd-note-list" role="list" data-vodrop="upload-notes">
      {notes.map(({ code, title, text }) => (
        <li key={title} data-note-code={code}>
          <NoteIcon code={code} />
          <div className="vd:min-w-0">
            <div className="vd-note-title">
              <bdi>{title}</bdi>
            </div>
            <div className="vd-note-text">
              <bdi>{text}</bdi>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** In the order of the card; undefined while the words are loaded. */
function useNoteTexts(upload: UploadSnapshot) {
  const words = useOnDemandWords('notes');
  const contextOf = useNoteContext();
  const [now] = useState(() => Date.now());
  useSheet('note-styles', css);
  return (
    words &&
    groupNotes([upload]).map(({ note }) => ({
      code: note.code,
      title: noteTitle(note, contextOf(words)),
      text: noteText(note, upload.fileName, { ...contextOf(words), now }),
    }))
  );
}

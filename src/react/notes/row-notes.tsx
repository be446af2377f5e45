import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { hasNotes } from './has-notes.js';

const marks = new Deferred(() => import('./note-marks.js'));

/** What is worth knowing of a file, as marks beside its name; loaded when there is something to know. */
export function RowNotes({ upload }: { upload: UploadSnapshot }): ReactNode {
  return hasNotes(upload) && <LoadedMarks upload={upload} />;
}

function LoadedMarks({ upload }: { upload: UploadSnapshot }): ReactNode {
  const Marks = useDeferred(marks)?.NoteMarks;
  return Marks && <Marks upload={upload} />;
}

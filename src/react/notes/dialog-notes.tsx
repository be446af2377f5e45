import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { hasNotes } from './has-notes.js';

const marks = new Deferred(() => import('./note-marks.js'));

/** What is worth knowing of a file, in sentences; loaded when there is something to know. */
export function DialogNotes({ upload }: { upload: UploadSnapshot }): ReactNode {
  return hasNotes(upload) && <LoadedList upload={upload} />;
}

function LoadedList({ upload }: { upload: UploadSnapshot }): ReactNode {
  const List = useDeferred(marks)?.NoteList;
  return List && <List upload={upload} />;
}

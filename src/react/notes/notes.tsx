import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { hasNotes } from './has-notes.js';
import type { NotesProps } from './notes-card.js';

const card = new Deferred(() => import('./notes-card.js'));

/**
 * What is worth knowing of files before they are sent: no sound, vertical, the same video again … Nothing while there
 * is nothing to know; its code is loaded when there is.
 */
export function Notes(props: NotesProps): ReactNode {
  const isWanted = useSelected(useWidget().uploader, ({ uploads }) => uploads.some(hasNotes));
  return isWanted && <LoadedCard {...props} />;
}

function LoadedCard(props: NotesProps): ReactNode {
  const Card = useDeferred(card)?.NotesCard;
  return Card && <Card {...props} />;
}

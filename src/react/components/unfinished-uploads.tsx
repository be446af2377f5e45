import { useState, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { LateNote } from './late-note.js';
import type { UnfinishedUploadsProps } from './unfinished-cards.js';

export const unfinishedCards = new Deferred(() => import('./unfinished-cards.js'));

/**
 * Uploads of earlier visits. Where the browser can open the file again, one click continues; else the file is asked for.
 * Its code is loaded once there are any, with a note until it is there, and stays: it also deletes the pictures of those
 * that have ended.
 */
export function UnfinishedUploads(props: UnfinishedUploadsProps): ReactNode {
  const hasAny = useSelected(useWidget().uploader, ({ unfinished }) => unfinished.length > 0);
  const [isWanted, setIsWanted] = useState(hasAny);
  if (hasAny && !isWanted) setIsWanted(true);
  return isWanted && <LoadedCards {...props} />;
}

function LoadedCards(props: UnfinishedUploadsProps): ReactNode {
  const { uploader, messages, format } = useWidget();
  const count = useSelected(uploader, ({ unfinished }) => unfinished.length);
  const Cards = useDeferred(unfinishedCards)?.UnfinishedCards;
  if (Cards) return <Cards {...props} />;
  return count > 0 && <LateNote text={messages.unfinishedCount(count, format)} />;
}

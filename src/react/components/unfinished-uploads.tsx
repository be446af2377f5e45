import { useState, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import type { UnfinishedUploadsProps } from './unfinished-cards.js';

export const unfinishedCards = new Deferred(() => import('./unfinished-cards.js'));

/**
 * Uploads of earlier visits. Where the browser can open the file again, one click continues; else the file is asked for.
 * Its code is loaded once there are any, and stays: it also deletes the pictures of those that have ended.
 */
export function UnfinishedUploads(props: UnfinishedUploadsProps): ReactNode {
  const hasAny = useSelected(useWidget().uploader, ({ unfinished }) => unfinished.length > 0);
  const [isWanted, setIsWanted] = useState(hasAny);
  if (hasAny && !isWanted) setIsWanted(true);
  return isWanted && <LoadedCards {...props} />;
}

function LoadedCards(props: UnfinishedUploadsProps): ReactNode {
  const Cards = useDeferred(unfinishedCards)?.UnfinishedCards;
  return Cards && <Cards {...props} />;
}

import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { LateNote } from './late-note.js';
import type { RejectionsProps } from './rejections-card.js';

export const rejectionsCard = new Deferred(() => import('./rejections-card.js'));

/**
 * One card for all files of a drop that cannot be added, grouped by reason. Nothing while there are none; its code is
 * loaded when there are, and a note says how many until it is there.
 */
export function Rejections(props: RejectionsProps): ReactNode {
  const count = useSelected(useWidget().uploader, ({ rejections }) => rejections.length);
  return count > 0 && <LoadedCard {...props} count={count} />;
}

function LoadedCard({ count, ...props }: RejectionsProps & { count: number }): ReactNode {
  const { uploader, messages, format } = useWidget();
  const of = useSelected(uploader, (snapshot) => snapshot.checkedFileCount);
  const Card = useDeferred(rejectionsCard)?.RejectionsCard;
  if (Card) return <Card {...props} />;
  return <LateNote text={messages.rejected({ count, of: Math.max(of, count) }, format)} />;
}

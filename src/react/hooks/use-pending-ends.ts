import { useSyncExternalStore } from 'react';
import { useWidget } from '../context.js';
import { pendingEndsOf, type EndKind, type PendingEnds } from '../stores/pending-ends.js';

/** What is about to end in this widget; renewed when something begins, ends, is held or released. */
export function usePendingEnds(): PendingEnds {
  const queue = pendingEndsOf(useWidget().uploader);
  return useSyncExternalStore(queue.subscribe, queue.getSnapshot, queue.getSnapshot);
}

/** What is about to become of this one. Renders only when that changes. */
export function usePendingKind(id: string): EndKind | undefined {
  const queue = pendingEndsOf(useWidget().uploader);
  const read = () => queue.getSnapshot().get(id)?.kind;
  return useSyncExternalStore(queue.subscribe, read, read);
}

import type { Uploader } from '../../engine/index.js';
import type { EndKind } from './pending-ends.js';

/** Without a way back. */
export function endNow(uploader: Uploader, kind: EndKind, ids: Iterable<string>): void {
  for (const id of [...ids]) {
    if (kind === 'cancel') uploader.cancel(id);
    else if (kind === 'remove') uploader.remove(id);
    else uploader.discardUnfinished(id);
  }
}

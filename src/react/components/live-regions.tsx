import { useSyncExternalStore, type ReactNode } from 'react';
import { useWidget } from '../context.js';

/** In the document from the start, and empty: regions that arrive together with their words are not read. */
export function LiveRegions(): ReactNode {
  const { announcer } = useWidget();
  const { polite, assertive } = useSyncExternalStore(
    announcer.subscribe,
    announcer.getSnapshot,
    announcer.getSnapshot,
  );
  return (
    <>
      <div className="vd-hidden" role="status" aria-live="polite" data-vodrop="announcements">
        <span key={polite.serial}>{polite.text}</span>
      </div>
      <div className="vd-hidden" role="alert" aria-live="assertive" data-vodrop="alerts">
        <span key={assertive.serial}>{assertive.text}</span>
      </div>
    </>
  );
}

import { useSyncExternalStore, type ComponentProps, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useAnnouncements } from '../hooks/use-announcements.js';
import { hasFiles } from '../files/read-drag.js';

export interface UploaderRootProps extends Omit<ComponentProps<'div'>, 'onProgress' | 'onError'> {
  /** `auto` (default) follows the system. */
  theme?: 'light' | 'dark' | 'auto';
}

/** The element that carries the tokens, the theme and the live regions. Files pasted anywhere inside are added. */
export function UploaderRoot({ theme = 'auto', className = '', children, ...rest }: UploaderRootProps): ReactNode {
  const { addFiles, isDisabled } = useWidget();
  useAnnouncements();
  return (
    <div
      {...rest}
      className={`vd-root ${className}`.trim()}
      data-vodrop="uploader"
      data-theme={theme}
      onPaste={(event) => {
        if (event.defaultPrevented || isDisabled || event.clipboardData.files.length === 0) return;
        event.preventDefault();
        void addFiles(Array.from(event.clipboardData.files));
      }}
      // A file that misses the zone by a few pixels must not replace the page.
      onDragOver={(event) => { if (hasFiles(event.dataTransfer)) event.preventDefault(); }}
      onDrop={(event) => { if (hasFiles(event.dataTransfer)) event.preventDefault(); }}
    >
      <div className="vd-stack">{children}</div>
      <LiveRegions />
    </div>
  );
}

/** In the document from the start, and empty: regions that arrive together with their words are not read. */
function LiveRegions(): ReactNode {
  const { announcer } = useWidget();
  const { polite, assertive } = useSyncExternalStore(announcer.subscribe, announcer.getSnapshot, announcer.getSnapshot);
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

import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useAnnouncements } from '../hooks/use-announcements.js';
import { useTotal } from '../hooks/use-total.js';
import { DockPanel } from './dock-panel.js';
import { LiveRegions } from './live-regions.js';

export interface DockProps {
  theme: 'light' | 'dark' | 'auto';
  className: string;
  onShow: (() => void) | undefined;
  /** Called while it is on the page; the returned function when it goes. */
  onSeen?: () => () => void;
}

/** The dock of one engine, while there is something to show and no list that does. */
export function Dock({ theme, className, onShow, onSeen }: DockProps): ReactNode {
  const { rows, language, direction } = useWidget();
  const { count, phase } = useTotal();
  const hasList = useSyncExternalStore(rows.subscribe, rows.hasList, () => false);
  // What was put away comes back when there is more.
  const [dismissed, setDismissed] = useState<number>();
  const isShown = count > 0 && !hasList && !(phase === 'ended' && dismissed === count);

  useEffect(() => (isShown ? onSeen?.() : undefined), [isShown]); // eslint-disable-line react-hooks/exhaustive-deps -- the engine does not change
  if (!isShown) return null;
  return (
    <div
      className={`vd-root vd-dock ${className}`.trim()}
      data-vodrop="dock"
      data-theme={theme}
      data-phase={phase}
      lang={language}
      dir={direction}
    >
      <DockPanel
        onShow={onShow}
        onDismiss={() => {
          setDismissed(count);
        }}
      />
      <DockVoice />
    </div>
  );
}

/** Speaks while there is no widget that does. */
function DockVoice(): ReactNode {
  useAnnouncements();
  return <LiveRegions />;
}

import { Suspense, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { engines, type Orphan } from './bindings/engine-registry.js';
import { LiveRegions } from './components/live-regions.js';
import { lazyPart } from './components/lazy-part.js';
import { WidgetContext, useWidget } from './context.js';
import { useAnnouncements } from './hooks/use-announcements.js';
import { useTotal } from './hooks/use-total.js';
import { UploaderProvider, type UploaderSettings } from './provider.js';

const DockPanel = lazyPart(() => import('./components/dock-panel.js').then(({ DockPanel }) => DockPanel));

export interface UploaderDockProps extends Pick<UploaderSettings, 'locale' | 'messages' | 'progressInTitle' | 'wakeLock'> {
  theme?: 'light' | 'dark' | 'auto';
  className?: string;
  /** Leads to where the uploads are shown in full. Without it, "Show" opens the dock. */
  onShow?: () => void;
}

/**
 * A small dock in the corner that stays while the person navigates: put it once beside the routes. Inside a
 * `UploaderProvider` it shows that one's uploads; elsewhere those that widgets left behind. It stays away while there is
 * nothing to show, and while a list on the page shows the same.
 */
export function UploaderDock({ theme = 'auto', className = '', onShow, ...settings }: UploaderDockProps): ReactNode {
  const around = use(WidgetContext);
  const look = { theme, className, onShow };
  return around ? <Dock {...look} /> : <OrphanDocks {...look} settings={settings} />;
}

interface Look { theme: 'light' | 'dark' | 'auto'; className: string; onShow: (() => void) | undefined }

const none: readonly Orphan[] = [];

function OrphanDocks({ settings, ...look }: Look & { settings: Omit<UploaderDockProps, 'theme' | 'className' | 'onShow'> }): ReactNode {
  const orphans = useSyncExternalStore(engines.subscribe, engines.getOrphans, () => none);
  return orphans.map(({ engine, key }) => (
    <UploaderProvider key={key} uploader={engine} {...settings}>
      <Dock {...look} onSeen={() => engines.watch(engine)} />
    </UploaderProvider>
  ));
}

function Dock({ theme, className, onShow, onSeen }: Look & { onSeen?: () => () => void }): ReactNode {
  const { rows, language, direction } = useWidget();
  const { count, phase } = useTotal();
  const hasList = useSyncExternalStore(rows.subscribe, rows.hasList, () => false);
  // What was put away comes back when there is more.
  const [dismissed, setDismissed] = useState<number>();
  const isShown = count > 0 && !hasList && !(phase === 'ended' && dismissed === count);

  useEffect(() => (isShown ? onSeen?.() : undefined), [isShown]); // eslint-disable-line react-hooks/exhaustive-deps -- the engine does not change
  if (!isShown) return null;
  return (
    <div className={`vd-root vd-dock ${className}`.trim()} data-vodrop="dock" data-theme={theme} data-phase={phase} lang={language} {...(direction && { dir: direction })}>
      <Suspense><DockPanel onShow={onShow} onDismiss={() => { setDismissed(count); }} /></Suspense>
      <DockVoice />
    </div>
  );
}

/** Speaks while there is no widget that does. */
function DockVoice(): ReactNode {
  useAnnouncements();
  return <LiveRegions />;
}

import { use, useSyncExternalStore, type ReactNode } from 'react';
import { Deferred, useDeferred } from './stores/deferred.js';
import type { Orphan } from './stores/engine-registry.js';
import { engines } from './stores/engines.js';
import type { DockProps } from './components/dock.js';
import { WidgetContext } from './context.js';
import { UploaderProvider } from './provider.js';
import type { UploaderSettings } from './settings.js';

export const dockComponents = new Deferred(() => import('./components/dock.js'));

/** Props of {@link UploaderDock}. */
export interface UploaderDockProps extends Pick<
  UploaderSettings,
  'locale' | 'messages' | 'progressInTitle' | 'wakeLock' | 'notifyWhenReady'
> {
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
export function UploaderDock({
  theme = 'auto',
  className = '',
  onShow,
  ...settings
}: UploaderDockProps): ReactNode {
  const around = use(WidgetContext);
  const look = { theme, className, onShow };
  return around ? <Dock {...look} /> : <OrphanDocks {...look} settings={settings} />;
}

const none: readonly Orphan[] = [];

function OrphanDocks({
  settings,
  ...look
}: DockProps & { settings: Omit<UploaderDockProps, 'theme' | 'className' | 'onShow'> }): ReactNode {
  const orphans = useSyncExternalStore(engines.subscribe, engines.getOrphans, () => none);
  return orphans.map(({ engine, key }) => (
    <UploaderProvider key={key} uploader={engine} {...settings}>
      <Dock {...look} onSeen={() => engines.watch(engine)} />
    </UploaderProvider>
  ));
}

function Dock(props: DockProps): ReactNode {
  const Part = useDeferred(dockComponents)?.Dock;
  return Part && <Part {...props} />;
}

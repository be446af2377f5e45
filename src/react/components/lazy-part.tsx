import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/**
 * A part that is loaded when it is first shown. If its file cannot be loaded the part stays away: React would take the
 * host's page down with it otherwise. The next visit of the page asks again.
 */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  const nothing: ComponentType<P> = () => null;
  return lazy(async () => ({ default: await load().catch(() => nothing) }));
}

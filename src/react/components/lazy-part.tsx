import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { Deferred } from '../stores/deferred.js';

/**
 * A part that is loaded when it is first shown, inside a `Suspense` of its own. A file that cannot be loaded is requested
 * again, at growing intervals: React would take the host's page down with an error, and a part that stayed away for good
 * would be missed after the network is back.
 */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  const part = new Deferred(load);
  return lazy(async () => {
    await part.load();
    return { default: part.peek() ?? (() => null) };
  });
}

/** A lazy chunk: loaded where there are tabs to share uploads with. */
export { createSyncHost } from './sync-host.js';
export { TabSync } from './tab-sync.js';

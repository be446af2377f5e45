/**
 * What every first file needs, and with it what an uploader needs as soon as it is made (the journal, and the other tabs),
 * in one chunk: a drop right after the page has come waits for one answer.
 */
export { Adding } from './adding.js';
export { describe } from './effects/describe.js';
export { JournalKeeper } from './effects/journal-keeper.js';
export { MediaUpdates } from './effects/media-updates.js';
export { approachStore } from './effects/near-store.js';
export { HttpEndpointClient } from './endpoint/client.js';
export { IndexedDbJournalStore } from './resume/indexed-db.js';
export { UploadRunner } from './runner.js';
export { SnapshotBuilder } from './snapshot.js';
export { createSyncHost } from './tabs/sync-host.js';
export { TabSync } from './tabs/tab-sync.js';
export { createWorkers } from './worker/small-bodies.js';

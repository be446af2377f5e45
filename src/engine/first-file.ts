/** What every first file needs, in one chunk: a drop right after the page has come waits for one answer. */
export { Adding } from './adding.js';
export { describe } from './effects/describe.js';
export { discardEntry } from './effects/discard-entry.js';
export { MediaUpdates } from './effects/media-updates.js';
export { approachStore } from './effects/near-store.js';
export { HttpEndpointClient } from './endpoint/client.js';
export { UploadRunner } from './runner.js';
export { SnapshotBuilder } from './snapshot.js';
export { createPartWorkers } from './worker/client.js';

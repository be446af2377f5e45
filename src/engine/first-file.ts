/** What every first file needs, in one chunk: a drop right after the page waits for one answer. */
export { Adding } from './adding.js';
export * from './effects/index.js';
export { HttpEndpointClient } from './endpoint/client.js';
export { SnapshotBuilder } from './snapshot.js';
export { UploadRunner } from './runner.js';
export { createPartWorkers } from './worker/client.js';

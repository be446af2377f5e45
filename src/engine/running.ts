/** What is needed with the first upload: loaded as one. */
export { UploadRunner } from './runner.js';
export { SnapshotBuilder } from './snapshot.js';

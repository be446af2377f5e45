/** The work of an upload, as opposed to its state. A lazy chunk: loaded with the first file, or when the page is idle. */
export { confirm } from './confirm.js';
export { describe } from './describe.js';
export { discardEntry } from './discard-entry.js';
export { approachStore } from './near-store.js';
export { MediaUpdates } from './media-updates.js';
export { prepare } from './prepare.js';
export { sendFile } from './send.js';
export { waitForFile } from './wait-for-file.js';
export { fingerprint } from '../resume/fingerprint.js';

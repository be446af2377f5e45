/** The work of an upload, as opposed to its state. A lazy chunk: loaded with the first file, or when the page is idle. */
export { confirm } from './confirm.js';
export { MediaUpdates } from './media-updates.js';
export { prepare } from './prepare.js';
export { sendFile } from './send.js';
export { fingerprint } from '../resume/fingerprint.js';

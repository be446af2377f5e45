/** What a host with `sources` loads beside the drop zone; the dialogs follow when they are opened. */
export { Recordings } from './recordings.js';
export { SourceButtons } from './source-buttons.js';

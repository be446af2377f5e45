/** Videos that the cloud pulls from links. A lazy chunk: loaded with the first link, or an import of an earlier visit. */
export { addLinks } from './add-links.js';
export { followImport } from './follow-import.js';
export { importLink } from './import-link.js';

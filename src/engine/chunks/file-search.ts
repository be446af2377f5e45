/** Loads what looks elsewhere for a file that cannot be read, on first use; for `loadCode`. */
export const loadFileSearch = () => import('../effects/file-search.js');

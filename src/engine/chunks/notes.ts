/** Loads what takes notes of files, on first use; for `loadCode`. */
export const loadNotes = () => import('../notes/index.js');

/** Loads what compares the journal with the uploads, on first use; for `loadCode`. */
export const loadJournalKeeper = () => import('../effects/journal-keeper.js');

/** What an uploader needs as soon as it is made, in one chunk: the journal, and the other tabs. */
export { IndexedDbJournalStore } from './resume/indexed-db.js';
export { createSyncHost } from './tabs/sync-host.js';
export { TabSync } from './tabs/tab-sync.js';

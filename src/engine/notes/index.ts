/** What is worth knowing of a file before it is sent. A lazy chunk; see `chunks/notes.ts`. */
export { sentBefore, takeNotes } from './take-notes.js';

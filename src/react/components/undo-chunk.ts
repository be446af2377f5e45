/** What delays an end and shows it, in one chunk: few uploads are canceled or removed. See `stores/undo-code.ts`. */
export { beginEnding } from '../stores/begin-ending.js';
export { undoQueueOf } from '../stores/undo.js';
export { UndoButton, UndoLine, UndoSeconds, UndoStatus } from './undo.js';

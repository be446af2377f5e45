import type { UploadSnapshot } from '../../engine/index.js';

/** Not of one that was given up, and not in the row of another tab. */
export function hasNotes({ notes, status, owner }: UploadSnapshot): boolean {
  return notes !== undefined && owner === 'this' && status !== 'canceled' && status !== 'failed';
}

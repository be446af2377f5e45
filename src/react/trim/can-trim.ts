import type { UploadSnapshot } from '../../engine/index.js';

const open: ReadonlySet<string> = new Set(['queued', 'preparing', 'uploading', 'paused']);

/** While the whole file has not arrived, another can go in its place. */
export function canTrim({ file, owner, source, status, canCancel }: UploadSnapshot): boolean {
  return file !== undefined && owner === 'this' && !source && canCancel && open.has(status);
}

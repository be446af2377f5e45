import type { AddItem } from '../../engine/index.js';

/** The file of what is added, with or without a handle. */
export function fileOf(item: AddItem): File {
  return 'file' in item ? item.file : item;
}

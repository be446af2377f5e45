import type { AddItem, LinkItem } from '../types.js';

export function isLink(item: AddItem | LinkItem): item is LinkItem {
  return typeof item === 'string' || 'url' in item;
}

/** What a rejection names; a link has no file. */
export function fileOf(item: AddItem | LinkItem): File {
  if (isLink(item)) return new File([], '');
  return 'file' in item ? item.file : item;
}

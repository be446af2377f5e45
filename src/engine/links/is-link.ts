import type { AddItem, LinkItem } from '../types.js';

export function isLink(item: AddItem | LinkItem): item is LinkItem {
  return typeof item === 'string' || 'url' in item;
}

import type { AddItem } from '../../engine/index.js';

/** The file of what is added, with or without a handle. */
export function fileOf(item: AddItem): File {
  return 'file' in item ? item.file : item;
}

/** Stands for a file or folder that could not be opened: it is rejected by its name. */
export function unreadable(name: string, path?: string): AddItem {
  return { file: new File([], name), path, rejection: { code: 'file-unreadable' } };
}

/** Whether an item is rejected before the engine looks at it. */
export function isRejected(item: AddItem): boolean {
  return 'file' in item && item.rejection !== undefined;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** In natural order by path, folder by folder: `take 2` before `take 10`, and `a/z.mp4` before `ab/a.mp4`. */
export function inNaturalOrder<T>(entries: readonly T[], pathOf: (entry: T) => string): T[] {
  return entries
    .map((entry) => ({ entry, names: pathOf(entry).split('/') }))
    .sort((a, b) => comparePaths(a.names, b.names))
    .map(({ entry }) => entry);
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const order = collator.compare(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

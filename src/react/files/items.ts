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

/** Of more, the page responds in between. */
const longList = 2000;
/** Where the code for that has not come by then, the page waits for the sorting instead. */
const patienceMs = 2000;

/** In natural order by path, folder by folder: `take 2` before `take 10`, and `a/z.mp4` before `ab/a.mp4`. */
export async function inNaturalOrder<T extends { readonly path: string } | { readonly name: string }>(
  entries: readonly T[],
): Promise<T[]> {
  const named = (entry: T) => ({ entry, names: ('path' in entry ? entry.path : entry.name).split('/') });
  const code =
    entries.length > longList &&
    (await Promise.race([
      import('./sort.js').catch(() => undefined),
      new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs)),
    ]));
  const sorted = await (code
    ? code.sortInSlices(entries, named, compareNames)
    : entries.map(named).sort(compareNames));
  return sorted.map(({ entry }) => entry);
}

interface Named {
  readonly names: readonly string[];
}

function compareNames({ names: a }: Named, { names: b }: Named): number {
  for (let depth = 0; depth < a.length; depth += 1) {
    const order = collator.compare(a[depth] ?? '', b[depth] ?? '');
    if (order) return order;
  }
  return a.length - b.length;
}

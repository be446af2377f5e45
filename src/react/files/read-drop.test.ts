// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import type { AddItem } from '../../engine/index.js';
import { fileOf } from './items.js';
import { pickFolder, pickItems } from './pick-files.js';
import { readDrop } from './read-drop.js';

/** A folder by its entries; a string is a file's content, an Error what opening or listing fails with. */
interface Tree {
  [name: string]: Tree | string | Error;
}

const fail = (error: Error) => Promise.reject(error);

function handleOf(name: string, node: Tree | string | Error): FileSystemHandle {
  if (typeof node === 'string' || node instanceof Error)
    return {
      kind: 'file',
      name,
      getFile: () => (node instanceof Error ? fail(node) : Promise.resolve(new File([node], name))),
    } as FileSystemFileHandle;
  return {
    kind: 'directory',
    name,
    values: async function* () {
      const { '!': broken, ...entries } = node;
      for (const [below, child] of Object.entries(entries)) yield handleOf(below, child);
      if (broken instanceof Error) throw broken;
    },
  } as unknown as FileSystemDirectoryHandle;
}

function entryOf(name: string, node: Tree | string | Error): FileSystemEntry {
  if (typeof node === 'string' || node instanceof Error)
    return {
      isDirectory: false,
      name,
      file: (resolve: (file: File) => void, reject: (error: Error) => void) => {
        if (node instanceof Error) reject(node);
        else resolve(new File([node], name));
      },
    } as unknown as FileSystemEntry;
  const { '!': broken, ...entries } = node;
  const batches = [Object.entries(entries).map(([below, child]) => entryOf(below, child)), []];
  return {
    isDirectory: true,
    name,
    createReader: () => ({
      readEntries: (resolve: (entries: FileSystemEntry[]) => void, reject: (error: Error) => void) => {
        const batch = batches.shift() ?? [];
        if (broken instanceof Error && !batch.length) reject(broken);
        else resolve(batch);
      },
    }),
  } as unknown as FileSystemEntry;
}

function drop(tree: Tree, api: 'handles' | 'entries'): DataTransfer {
  return {
    files: [],
    items: Object.entries(tree).map(([name, node]) => ({
      kind: 'file',
      getAsFile: () => (typeof node === 'string' ? new File([node], name) : null),
      ...(api === 'handles' && { getAsFileSystemHandle: () => Promise.resolve(handleOf(name, node)) }),
      webkitGetAsEntry: () => entryOf(name, node),
    })),
  } as unknown as DataTransfer;
}

/** `path` of a file with one, else its name; with `!` where it is rejected. */
const told = (items: readonly AddItem[]) =>
  items.map((item) => {
    const { path, rejection } = 'file' in item ? item : { path: undefined, rejection: undefined };
    return `${rejection ? '!' : ''}${path ?? fileOf(item).name}`;
  });

afterEach(() => {
  vi.unstubAllGlobals();
});

const apis = ['handles', 'entries'] as const;

it.each(apis)(
  'reads a dropped folder by its %s in natural order, and leaves system files out',
  async (api) => {
    const system = { 'deleted.mp4': 'x' };
    const card = {
      'take 10.mp4': 'x',
      'take 2.mp4': 'x',
      'cam B': { 'a.mp4': 'x', '._a.mp4': 'x', 'Thumbs.db': 'x' },
      'cam A': { 'z.mp4': 'x', '.DS_Store': 'x', 'DESKTOP.INI': 'x' },
      '.Trashes': { '501': system },
      '.Spotlight-V100': system,
      '$RECYCLE.BIN': { 'S-1-5': system },
      'System Volume Information': system,
      'LOST+FOUND': system,
      __MACOSX: system,
      '@eaDir': { 'take 2.mp4': system },
    };
    const items = await readDrop(drop({ card }, api));
    expect(told(items)).toEqual([
      'card/cam A/z.mp4',
      'card/cam B/a.mp4',
      'card/take 2.mp4',
      'card/take 10.mp4',
    ]);
    expect(items.every((item) => 'file' in item && (item.handle !== undefined) === (api === 'handles'))).toBe(
      true,
    );
  },
);

it.each(apis)('leaves system folders out that are dropped with others, by their %s', async (api) => {
  const items = await readDrop(drop({ DCIM: { 'a.mp4': 'x' }, '.Trashes': { 'b.mp4': 'x' } }, api));
  expect(told(items)).toEqual(['DCIM/a.mp4']);
  expect(told(await readDrop(drop({ '.rushes': { 'a.mp4': 'x' } }, api)))).toEqual(['.rushes/a.mp4']);
});

it.each(apis)('rejects what cannot be opened by its name, and reads the rest by its %s', async (api) => {
  const volume = {
    'a.mp4': 'x',
    'gone.mp4': new DOMException('moved', 'NotFoundError'),
    locked: { '!': new DOMException('refused', 'NoModificationAllowedError') },
    'half read': { 'b.mp4': 'x', '!': new DOMException('unplugged', 'NotReadableError') },
    'z.mp4': 'x',
  };
  const items = await readDrop(drop({ volume, 'loose.mp4': 'x' }, api));
  expect(told(items)).toEqual([
    'loose.mp4',
    'volume/a.mp4',
    '!volume/gone.mp4',
    '!volume/half read',
    'volume/half read/b.mp4',
    '!volume/locked',
    'volume/z.mp4',
  ]);
  expect(items.map((item) => fileOf(item).name)).toContain('locked');
});

it('reports how many files it has found', async () => {
  const counts: number[] = [];
  await readDrop(drop({ card: { 'a.mp4': 'x', 'b.mp4': 'x' } }, 'handles'), (count) => counts.push(count));
  expect(counts).toEqual([1, 2]);
});

it('rejects a chosen file that cannot be opened, and asks no second time', async () => {
  vi.spyOn(navigator, 'webdriver', 'get').mockReturnValue(false);
  vi.stubGlobal('showOpenFilePicker', () =>
    Promise.resolve([
      handleOf('b 10.mp4', 'x'),
      handleOf('b 2.mp4', new DOMException('moved', 'NotFoundError')),
      handleOf('a.mp4', 'x'),
    ]),
  );
  const click = vi.spyOn(HTMLInputElement.prototype, 'click');
  expect(told(await pickItems({ isMultiple: true }))).toEqual(['a.mp4', '!b 2.mp4', 'b 10.mp4']);
  expect(click).not.toHaveBeenCalled();
});

it('leaves the same system files out of a chosen folder as out of a dropped one', async () => {
  vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (this: HTMLInputElement) {
    const paths = [
      '.card/b.mp4',
      '.card/._b.mp4',
      '.card/Thumbs.db',
      '.card/.Trashes/c.mp4',
      '.card/a/b.mp4',
    ];
    const files = paths.map((path) =>
      Object.assign(new File(['x'], path.slice(path.lastIndexOf('/') + 1)), { webkitRelativePath: path }),
    );
    Object.defineProperty(this, 'files', { value: files });
    this.dispatchEvent(new Event('change'));
  });
  expect(told(await pickFolder())).toEqual(['.card/a/b.mp4', '.card/b.mp4']);
});

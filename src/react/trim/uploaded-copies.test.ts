// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { discardCopy, type MadeCopy } from './made-copies.js';
import { followUploads, keepWithUpload } from './uploaded-copies.js';

vi.mock('./made-copies.js', () => ({ discardCopy: vi.fn(() => Promise.resolve()), sweepCopies: vi.fn() }));

it('keeps the copy of a row of another widget on the page, and removes it with that row', () => {
  const [first, second] = [
    createFakeUploader({ uploads: [anUpload({ id: 'first' })] }),
    createFakeUploader(),
  ];
  const copy = { folder: { info: {}, note: () => Promise.resolve() } } as unknown as MadeCopy;
  keepWithUpload(first, 'here', 'first', copy);
  for (const uploader of [first, second]) followUploads(uploader);
  second.set({ uploads: [anUpload({ id: 'second' })] });
  expect(discardCopy).not.toHaveBeenCalled();
  first.set({ uploads: [] });
  expect(discardCopy).toHaveBeenCalledExactlyOnceWith('here', copy);
});

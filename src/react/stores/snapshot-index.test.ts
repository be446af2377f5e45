import { expect, it } from 'vitest';
import type { UploaderSnapshot, UploadSnapshot } from '../../engine/index.js';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { diffUploads } from './diff-uploads.js';
import { findUpload } from './snapshot-index.js';

let reads = 0;
/** Counts how often its id is asked for. */
function counted(upload: UploadSnapshot): UploadSnapshot {
  const { id, ...rest } = upload;
  return Object.defineProperty({ ...rest } as UploadSnapshot, 'id', {
    enumerable: true,
    get: () => {
      reads += 1;
      return id;
    },
  });
}
const listOf = (count: number) =>
  Array.from({ length: count }, (_, index) => counted(anUpload({ id: `${index}`, status: 'queued' })));
const snapshotOf = (uploads: readonly UploadSnapshot[]): UploaderSnapshot => ({
  ...createFakeUploader().getSnapshot(),
  uploads,
});
const whileReading = <T>(act: () => T) => {
  reads = 0;
  const answer = act();
  return { answer, reads };
};

it('finds uploads of the next snapshot without walking its list, also while rows come, move or go', () => {
  const uploads = listOf(1000);
  findUpload(snapshotOf(uploads), '7');
  const changed = counted(anUpload({ id: '7', status: 'paused' }));
  const next = snapshotOf([...uploads.with(7, changed), ...listOf(1001).slice(1000)]);
  const found = whileReading(() => findUpload(next, '7'));
  expect(found.answer).toBe(changed);
  expect(found.reads).toBeLessThan(3);
  expect(findUpload(next, '1000')?.id).toBe('1000');
  const shorter = snapshotOf(next.uploads.slice(5));
  expect(findUpload(shorter, '3')).toBeUndefined();
  expect(findUpload(shorter, '7')).toBe(changed);
  expect(findUpload(next, '3')).toBe(uploads[3]);
});

it('compares a list that has grown without looking up what is new, and finds what has moved', () => {
  const uploads = listOf(1000);
  const grown = listOf(1200);
  const previous = snapshotOf(uploads);
  const diff = whileReading(() => diffUploads(previous, snapshotOf([...uploads, ...grown.slice(1000)])));
  expect(diff.answer).toEqual([]);
  // Two for each pair, and one for each that is new.
  expect(diff.reads).toBeLessThanOrEqual(2200);
  const shown = counted(anUpload({ id: 'other tab', status: 'uploading', sentBytes: 5 }));
  const before = snapshotOf([...uploads, shown]);
  expect(diffUploads(before, snapshotOf([...uploads, ...grown.slice(1000), shown]))).toEqual([]);
});

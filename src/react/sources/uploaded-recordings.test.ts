import { expect, it, vi } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import type { RecordingFolder } from './recording-files.js';
import { uploadedRecordings } from './uploaded-recordings.js';

it('keeps the recording of a row of another widget or scope, which plays it', () => {
  const release = vi.fn();
  const note = vi.fn(() => Promise.resolve());
  const folder = { info: { id: 'recording', isUploaded: true }, release, note } as unknown as RecordingFolder;
  const [first, second] = [createFakeUploader(), createFakeUploader()];
  uploadedRecordings.add('upload', folder, first);
  const remove = vi.fn();
  uploadedRecordings.settle(new Map([['upload', 'gone']]), second, remove);
  expect(remove).not.toHaveBeenCalled();
  expect(release).not.toHaveBeenCalled();
  uploadedRecordings.settle(new Map([['upload', 'gone']]), first, remove);
  expect(remove.mock.calls).toEqual([['recording']]);
  expect(release).toHaveBeenCalledTimes(1);
  expect(uploadedRecordings.uploadIds).toEqual([]);
});

// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import type { Uploader } from '../../engine/index.js';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import type { MediaSummary } from './copy-types.js';
import { discardCopy, makeFile, type MadeCopy } from './made-copies.js';
import { TrimJob } from './trim-job.js';

vi.mock('./made-copies.js', () => ({
  canKeepCopies: () => Promise.resolve(true),
  discardCopy: vi.fn(() => Promise.resolve()),
  makeFile: vi.fn(),
  sweepCopies: vi.fn(),
}));
vi.mock('./media-client.js', () => ({
  inspectMedia: () =>
    Promise.resolve({ durationSeconds: 60, container: '.mp4', canDecode: true } as MediaSummary),
}));

it('leaves the upload as it is when "Cancel" is pressed while the engine takes the cut', async () => {
  const fake = createFakeUploader({
    uploads: [anUpload({ id: 'whole', status: 'uploading', canPause: true })],
  });
  const uploader: Uploader = {
    ...fake,
    add: (files, options) => {
      job.cancel();
      return fake.add(files, options);
    },
  };
  const cut = { file: new File(['cut'], 'cut.mp4') } as MadeCopy;
  vi.mocked(makeFile).mockResolvedValueOnce(cut);
  const job = new TrimJob({ uploader, place: 'here', id: 'whole', file: new File(['whole'], 'film.mp4') });
  await vi.waitFor(() => {
    expect(job.getState().phase).toBe('ready');
  });
  expect(await job.apply({ start: 0, end: 30 }, 'lossless')).toBeUndefined();
  expect(job.getState()).toMatchObject({ phase: 'ready', problem: undefined });
  expect(discardCopy).toHaveBeenCalledExactlyOnceWith('here', cut);
  await vi.waitFor(() => {
    expect(fake.getSnapshot().uploads.map(({ id }) => id)).toEqual(['whole']);
  });
  expect(fake.calls.map(({ method, id }) => [method, id]).at(-1)).toEqual(['resume', 'whole']);
});

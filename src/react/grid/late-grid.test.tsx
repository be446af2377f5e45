// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { uploadComponents } from '../components/lazy.js';
import { Uploader } from '../index.js';

// A file of an older deployment, which the server has no longer.
vi.mock('./upload-grid.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

beforeEach(async () => {
  await uploadComponents.load();
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('shows uploads as rows, with all that can be done with them, where the code of the grid does not come', async () => {
  const upload = anUpload({ status: 'uploading', fileName: 'talk.mp4' });
  const fake = createFakeUploader({ uploads: [upload] });
  render(<Uploader uploader={fake} layout="grid" />);
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  await pass(1999);
  expect(screen.queryByText('talk.mp4')).toBeNull();
  await pass(1);
  expect(document.querySelectorAll('.vd-rows > [data-vodrop="upload"]')).toHaveLength(1);
  screen.getByRole('button', { name: 'Pause' }).click();
  expect(fake.calls).toContainEqual(expect.objectContaining({ method: 'pause', id: upload.id }));
});

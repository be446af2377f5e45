// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader, type FakeUploader } from '../../testing/index.js';
import { UploaderProvider } from '../provider.js';

afterEach(cleanup);

/** A widget that writes down what its host is told. */
function show(uploader: FakeUploader, told: string[]): () => void {
  return render(
    <UploaderProvider
      uploader={uploader}
      onUploadStart={({ id }) => told.push(`start ${id}`)}
      onProgress={({ id }) => told.push(`progress ${id}`)}
      onConfirmed={({ id }) => told.push(`confirmed ${id}`)}
      onReady={({ id }) => told.push(`ready ${id}`)}
    />,
  ).unmount;
}

it('calls no callback for an upload of another tab', () => {
  const fake = createFakeUploader({
    uploads: [anUpload({ id: 'a', owner: 'other' }), anUpload({ id: 'b' })],
  });
  const told: string[] = [];
  show(fake, told);
  for (const status of ['uploading', 'processing', 'ready'] as const) {
    act(() => {
      fake.update('a', { status, sentBytes: 5 });
    });
    act(() => {
      fake.update('b', { status, sentBytes: 5 });
    });
  }
  expect(told).toEqual(['start b', 'progress b', 'confirmed b', 'ready b']);
});

it('tells the next widget what happened while no widget was mounted', () => {
  const fake = createFakeUploader({ uploads: [anUpload({ id: 'a' })] });
  const told: string[] = [];
  const unmount = show(fake, told);
  unmount();
  fake.update('a', { status: 'processing', mediaId: 'm-1' });
  fake.update('a', { status: 'ready', mediaId: 'm-1' });
  expect(told).toEqual([]);
  show(fake, told);
  expect(told).toEqual(['confirmed a', 'ready a']);
});

it('calls the newest form of a callback, once for each event', () => {
  const fake = createFakeUploader({ uploads: [anUpload({ id: 'a' })] });
  const [first, second] = [vi.fn(), vi.fn()];
  const { rerender } = render(<UploaderProvider uploader={fake} onReady={first} />);
  rerender(<UploaderProvider uploader={fake} onReady={second} />);
  act(() => {
    fake.update('a', { status: 'ready' });
  });
  expect(first).not.toHaveBeenCalled();
  expect(second).toHaveBeenCalledOnce();
});

// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { UploadError } from '../../engine/index.js';
import { createFakeUploader } from '../../testing/index.js';
import {
  FilesRejectedError,
  UploaderProvider,
  UploadCanceledError,
  useUploadFile,
  useUploadFiles,
} from '../index.js';

const file = (name = 'a.mp4') => new File(['x'], name, { type: 'video/mp4' });
const around = (fake = createFakeUploader()) => ({
  fake,
  wrapper: ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <UploaderProvider uploader={fake}>{children}</UploaderProvider>
    </StrictMode>
  ),
});
const idOf = (fake: ReturnType<typeof createFakeUploader>, index = 0) =>
  fake.getSnapshot().uploads[index]?.id ?? '';

it('useUploadFile reports idle, pending and success as a mutation does', async () => {
  const { fake, wrapper } = around();
  const { result } = renderHook(() => useUploadFile(), { wrapper });
  expect(result.current).toMatchObject({
    status: 'idle',
    isIdle: true,
    data: undefined,
    error: null,
    progress: 0,
  });
  let done: Promise<unknown> | undefined;
  act(() => {
    done = result.current.uploadAsync(file());
  });
  await waitFor(() => {
    expect(result.current).toMatchObject({ isPending: true, snapshot: { fileName: 'a.mp4' } });
  });
  act(() => {
    fake.update(idOf(fake), { status: 'uploading', sizeBytes: 4, sentBytes: 1 });
  });
  expect(result.current.progress).toBe(0.25);
  act(() => {
    fake.update(idOf(fake), { status: 'ready', mediaId: 'm-1' });
  });
  await expect(done).resolves.toMatchObject({ mediaId: 'm-1' });
  await waitFor(() => {
    expect(result.current).toMatchObject({ isSuccess: true, data: { mediaId: 'm-1' }, progress: 1 });
  });
  act(() => {
    result.current.reset();
  });
  expect(result.current.isIdle).toBe(true);
});

it('useUploadFiles has the error of the first file that fails, once all have ended', async () => {
  const { fake, wrapper } = around();
  const { result } = renderHook(() => useUploadFiles({ until: 'confirmed' }), { wrapper });
  act(() => {
    result.current.upload([file(), file('b.mp4')]);
  });
  await waitFor(() => {
    expect(result.current.uploads).toHaveLength(2);
  });
  const error = new UploadError('store-refused');
  act(() => {
    fake.update(idOf(fake), { status: 'failed', error });
  });
  expect(result.current.isPending).toBe(true);
  act(() => {
    fake.update(idOf(fake, 1), { status: 'processing' });
  });
  await waitFor(() => {
    expect(result.current).toMatchObject({ isError: true, error });
  });
});

it('tells rejected and canceled files apart from failed ones', async () => {
  const { fake, wrapper } = around();
  const { result } = renderHook(() => useUploadFile(), { wrapper });
  fake.answerAddWith({ added: [], rejections: [{ file: file(), code: 'file-empty' }] });
  act(() => {
    result.current.upload(file());
  });
  await waitFor(() => {
    expect(result.current.error).toBeInstanceOf(FilesRejectedError);
  });
  act(() => {
    result.current.upload(file());
  });
  await waitFor(() => {
    expect(result.current.snapshot).toBeDefined();
  });
  act(() => {
    fake.cancel(idOf(fake));
  });
  await waitFor(() => {
    expect(result.current.error).toBeInstanceOf(UploadCanceledError);
  });
});

it('does not report an upload as canceled that goes on after its component was unmounted', async () => {
  const engine = createFakeUploader();
  vi.doMock('../../engine/index.js', () => ({ createUploader: () => engine }));
  const onError = vi.fn();
  const { result, unmount } = renderHook(() => useUploadFile({ onError }), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <UploaderProvider endpoint="/api/unmounted" provider="huawei-vod">
        {children}
      </UploaderProvider>
    ),
  });
  let outcome: unknown = 'open';
  act(() => {
    void result.current.uploadAsync(file()).then(
      () => {
        outcome = 'done';
      },
      (error: unknown) => {
        outcome = error;
      },
    );
  });
  await waitFor(() => {
    expect(engine.getSnapshot().uploads).toHaveLength(1);
  });
  act(() => {
    engine.update(idOf(engine), { status: 'uploading' });
  });
  unmount();
  await act(() => Promise.resolve());
  expect(engine.getSnapshot().uploads[0]?.status).toBe('uploading');
  expect(outcome).toBe('open');
  expect(onError).not.toHaveBeenCalled();
});

// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { UploadError } from '../engine/index.js';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { Uploader, UploaderProvider, type UploaderProps } from './index.js';

afterEach(cleanup);

const input = () => document.querySelector<HTMLInputElement>('[data-vodrop="uploader"] input[type=file]');
const file = () => new File(['x'], 'a.mp4', { type: 'video/mp4' });

it('an Uploader inside a provider calls its own callbacks, beside those of the provider', async () => {
  const fake = createFakeUploader({
    uploads: [
      anUpload({ id: 'a', status: 'processing', mediaId: 'm-1' }),
      anUpload({ id: 'b', status: 'uploading' }),
    ],
  });
  const [onReady, onError, onFilesAdded, onRejected, around] = [vi.fn(), vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  render(
    <UploaderProvider uploader={fake} onReady={around}>
      <Uploader onReady={onReady} onError={onError} onFilesAdded={onFilesAdded} onRejected={onRejected} />
    </UploaderProvider>,
  );
  act(() => {
    fake.update('a', { status: 'ready' });
    fake.update('b', { status: 'failed', error: new UploadError('store-refused') });
  });
  expect(onReady).toHaveBeenCalledOnce();
  expect(onReady).toHaveBeenCalledWith(expect.objectContaining({ mediaId: 'm-1' }));
  expect(around).toHaveBeenCalledOnce();
  expect(onError).toHaveBeenCalledOnce();
  fake.answerAddWith({ added: [], rejections: [{ file: file(), code: 'file-empty' }] });
  const field = input() ?? expect.fail('no input');
  fireEvent.change(field, { target: { files: [file()] } });
  await waitFor(() => {
    expect(onRejected).toHaveBeenCalledOnce();
  });
  expect(onFilesAdded).toHaveBeenCalledOnce();
});

it('an Uploader inside a provider is disabled by its own prop, and by that of the provider', () => {
  const fake = createFakeUploader();
  const show = (outer: boolean, inner: boolean) => {
    cleanup();
    render(
      <UploaderProvider uploader={fake} disabled={outer}>
        <Uploader disabled={inner} />
      </UploaderProvider>,
    );
    return input()?.disabled;
  };
  expect([show(false, false), show(false, true), show(true, false)]).toEqual([false, true, true]);
});

it('the types forbid an Uploader without a source what the provider decides, and development warns of it', () => {
  const allowed: UploaderProps = { disabled: true, onReady: () => undefined, theme: 'dark' };
  // @ts-expect-error -- a limit belongs to the provider
  const limited: UploaderProps = { maxFiles: 1 };
  // @ts-expect-error -- so does the scope
  const scoped: UploaderProps = { scope: 'lesson 1' };
  const complete: UploaderProps = {
    endpoint: '/api',
    provider: 'huawei-vod',
    maxFiles: 1,
    scope: 'lesson 1',
  };
  expect([allowed, complete]).toHaveLength(2);
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  for (const props of [limited, scoped, scoped])
    render(
      <UploaderProvider uploader={createFakeUploader()}>
        <Uploader {...props} />
      </UploaderProvider>,
    );
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining('ignores maxFiles')],
    [expect.stringContaining('ignores scope')],
  ]);
});

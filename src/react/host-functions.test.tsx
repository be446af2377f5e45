// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader, type UploaderSlots } from './index.js';

beforeAll(() => uploadComponents.load());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it.each([
  ['throws', () => expect.fail('of the host')],
  ['rejects', () => Promise.reject(new Error('of the host'))],
])(
  'an onFilesAdded that %s rejects its files with the reason, and the error is reported',
  async (_, onFilesAdded) => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const fake = createFakeUploader();
    const add = vi.spyOn(fake, 'add');
    const { container } = render(<Uploader uploader={fake} onFilesAdded={onFilesAdded} />);
    const file = new File(['x'], 'a.mp4', { type: 'video/mp4' });
    fireEvent.change(container.querySelector('input[type=file]') ?? container, { target: { files: [file] } });
    await waitFor(() => {
      expect(add).toHaveBeenCalledWith([{ file, rejection: { code: 'custom', message: 'of the host' } }]);
    });
    expect(report).toHaveBeenCalledOnce();
  },
);

const fails = () => {
  throw new Error('of the host');
};

it.each(['poster', 'status', 'actions'] as const)(
  'a slot %s that throws shows what the widget has in its place, and is reported',
  (name) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const uploads = ['a', 'b'].map((id) => anUpload({ id, status: 'uploading', fileName: `${id}.mp4` }));
    const show = (slots: UploaderSlots) => {
      const { container } = render(<Uploader uploader={createFakeUploader({ uploads })} slots={slots} />);
      const row = (id: string) => container.querySelector(`[data-upload-id="${id}"]`);
      const a = row('a');
      return {
        a: [a?.textContent, a?.querySelectorAll('button, img, svg').length],
        own: row('b')?.querySelector('[data-own="b"]'),
      };
    };
    const plain = show({});
    const { a, own } = show({
      [name]: ({ id }: { id: string }) => (id === 'a' ? fails() : <i data-own={id} />),
    });
    expect(a).toEqual(plain.a);
    expect(own).not.toBeNull();
    expect(report.mock.calls.map(([error]) => (error as Error).message)).toContain('of the host');
    vi.restoreAllMocks();
  },
);

it('an onProgress that calls the engine and throws takes neither the widget nor other uploads down', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const uploads = ['a', 'b'].map((id) => anUpload({ id, status: 'uploading', sentBytes: 1 }));
  const fake = createFakeUploader({ uploads });
  const onProgress = vi.fn(() => {
    fake.cancel('a');
    fake.remove('unknown');
    fails();
  });
  const { container } = render(<Uploader uploader={fake} onProgress={onProgress} />);
  for (const { id } of [...uploads].reverse())
    act(() => {
      fake.update(id, { sentBytes: 2 });
    });
  expect(onProgress.mock.calls.length).toBeGreaterThan(0);
  expect(report).toHaveBeenCalledTimes(onProgress.mock.calls.length);
  expect(container.querySelectorAll('[data-vodrop="upload"]')).toHaveLength(2);
});

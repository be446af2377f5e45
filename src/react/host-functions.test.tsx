// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { anUnfinishedUpload, anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { undoCode } from './stores/undo-code.js';
import { rejectionsCard } from './components/rejections.js';
import { unfinishedCards } from './components/unfinished-uploads.js';
import { Uploader, type UploaderSlots } from './index.js';
import type { MessageOverrides } from './messages/index.js';

beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await rejectionsCard.load();
  await unfinishedCards.load();
});
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

it.each([
  ['dropzone', '[data-vodrop="dropzone"]'],
  ['total', '[data-vodrop="total"]'],
  ['item', '[data-upload-id="a"]'],
  ['rejections', '[data-vodrop="rejections"]'],
  ['unfinished', '[data-vodrop="unfinished"]'],
] as const)(
  'a slot %s that throws leaves the widget as it is without the slot, and is reported',
  (name, part) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const show = (slots: UploaderSlots) => {
      const uploader = createFakeUploader({
        uploads: [anUpload({ id: 'a', status: 'uploading', fileName: 'a.mp4' })],
        unfinished: [anUnfinishedUpload({ id: 'u', fileName: 'u.mp4' })],
        rejections: [{ file: new File([], 'x.txt'), code: 'file-empty' }],
      });
      const { container } = render(<Uploader uploader={uploader} slots={slots} />);
      const text = container.querySelector(part)?.textContent;
      const rest = container.querySelectorAll('button').length;
      cleanup();
      return { text, rest };
    };
    const plain = show({});
    expect(plain.text).toBeTruthy();
    expect(show({ [name]: fails })).toEqual(plain);
    expect(report.mock.calls.map(([error]) => (error as Error).message)).toContain('of the host');
    vi.restoreAllMocks();
  },
);

it('a slot that answers null shows nothing', () => {
  const uploads = [anUpload({ id: 'a', status: 'uploading' })];
  const slots = { dropzone: () => null, item: () => null };
  const { container } = render(<Uploader uploader={createFakeUploader({ uploads })} slots={slots} />);
  expect(container.querySelector('[data-upload-id]')).toBeNull();
  expect(container.querySelector('[data-vodrop="dropzone"]')?.textContent).toBe('');
});

it.each([
  ['throw', fails],
  ['answer nothing', () => undefined],
  ['answer a promise', () => Promise.resolve('later')],
  ['are no functions', 'Films here'],
])('texts of the host that %s cost themselves alone, and are reported once', (_, own) => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const messages = {
    dropHere: own,
    acceptNote: own,
    addMore: own,
    busyText: own,
  } as unknown as MessageOverrides;
  const fake = createFakeUploader({ uploads: [] });
  const { container, rerender } = render(<Uploader uploader={fake} messages={messages} />);
  rerender(<Uploader uploader={fake} messages={messages} className="again" />);
  const title = container.querySelector('.vd-zone-title');
  expect(title?.textContent).toContain(typeof own === 'string' ? own : 'Drop');
  expect(container.querySelector('.vd-zone-note')?.textContent).toContain('paste');
  // A text is right for one of them, and wrong for the others.
  expect(report).toHaveBeenCalledTimes(typeof own === 'string' ? 1 : 2);
});

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

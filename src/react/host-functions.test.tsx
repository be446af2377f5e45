// @vitest-environment happy-dom
import { fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { createFakeUploader } from '../testing/index.js';
import { Uploader } from './index.js';

afterEach(() => {
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

// @vitest-environment happy-dom
import { cleanup, fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { UploaderProvider, UploaderRoot, type UploaderRootProps } from '../index.js';

afterEach(cleanup);

const part = (name: string) =>
  document.querySelector<HTMLElement>(`[data-vodrop="${name}"]`) ?? document.body;

describe('handlers of the host on UploaderRoot', () => {
  const file = new File(['x'], 'a.mp4', { type: 'video/mp4' });
  const clipboardData = { files: [file], items: [] };
  const dataTransfer = { types: ['Files'], files: [file], items: [] };
  const show = (props: UploaderRootProps) => {
    const fake = createFakeUploader();
    render(
      <UploaderProvider uploader={fake}>
        <UploaderRoot {...props} />
      </UploaderProvider>,
    );
    return fake;
  };

  it('calls onPaste, onDragOver and onDrop of the host beside its own', async () => {
    const heard: string[] = [];
    const fake = show({
      onPaste: () => void heard.push('paste'),
      onDragOver: () => void heard.push('dragover'),
      onDrop: () => void heard.push('drop'),
    });
    fireEvent.paste(part('uploader'), { clipboardData });
    // `false` says that the default was prevented: the file does not replace the page.
    expect(fireEvent.dragOver(part('uploader'), { dataTransfer })).toBe(false);
    expect(fireEvent.drop(part('uploader'), { dataTransfer })).toBe(false);
    expect(heard).toEqual(['paste', 'dragover', 'drop']);
    await waitFor(() => {
      expect(fake.calls).toMatchObject([{ method: 'add', files: [file] }]);
    });
  });

  it('adds no pasted files when the host prevents the default', () => {
    const fake = show({
      onPaste: (event) => {
        event.preventDefault();
      },
    });
    fireEvent.paste(part('uploader'), { clipboardData });
    expect(fake.calls).toEqual([]);
  });
});

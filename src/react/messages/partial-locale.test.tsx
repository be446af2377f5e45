// @vitest-environment happy-dom
import { act, cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UploadError } from '../../engine/index.js';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { uploadComponents } from '../components/lazy.js';
import { rejectionsCard } from '../components/rejections.js';
import { Uploader, type Locale } from '../index.js';

beforeAll(async () => {
  await uploadComponents.load();
  await rejectionsCard.load();
});
afterEach(cleanup);

const text = (element: Element | null) => (element?.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');
const part = (name: string) =>
  document.querySelector<HTMLElement>(`[data-vodrop="${name}"]`) ?? document.body;

describe('a language of the host that lacks words', () => {
  const partial: Locale = {
    tag: 'sv',
    words: {
      chooseFiles: 'Välj filer',
      things: { video: { one: '{n} film', other: '{n} filmer' } },
      rejections: { 'file-empty': 'Tom' },
    },
    failures: { 'store-refused': ['Lagret nekade en del.', 'Försök igen.'] },
  };

  it('a language that lacks words shows its own, and English for each missing one', () => {
    const fake = createFakeUploader({
      uploads: [anUpload({ status: 'uploading' }), anUpload({ status: 'uploading' })],
      rejections: [
        { file: new File([], 'a.mp4'), code: 'file-empty' },
        { file: new File(['x'], 'b.txt'), code: 'file-invalid-type' },
      ],
      checkedFileCount: 2,
    });
    render(<Uploader uploader={fake} locale={partial} />);
    expect(part('uploader').lang).toBe('sv');
    expect(part('dropzone').querySelector('button')?.getAttribute('aria-label')).toBe('Välj filer');
    expect(text(part('dropzone'))).toContain('Add more: drop, paste or');
    expect(text(part('total'))).toContain('Uploading 2 filmer');
    expect(text(part('rejections'))).toContain('Tom');
    expect(text(part('rejections'))).toContain('Not a video');
  });

  it('a language that lacks failures shows its own, and English for the others', async () => {
    const fake = createFakeUploader({
      uploads: (['store-refused', 'vendor-throttled'] as const).map((code) =>
        anUpload({ id: code, status: 'failed', error: new UploadError(code) }),
      ),
    });
    render(<Uploader uploader={fake} locale={partial} />);
    await act(() => import('./en-errors.js'));
    await waitFor(() => {
      expect(text(part('upload-list'))).toContain('Lagret nekade en del.');
    });
    expect(text(part('upload-list'))).toContain('The cloud is too busy.');
  });

  it('a language without any word shows an idle drop zone in English', () => {
    render(<Uploader uploader={createFakeUploader()} locale={{ tag: 'sv' }} />);
    expect(text(part('dropzone'))).toContain('Drop videos or folders here');
  });

  it('a word that is undefined counts as missing', () => {
    const words = { dropHere: undefined };
    render(
      <Uploader
        uploader={createFakeUploader()}
        locale={{ tag: 'sv', words }}
        messages={{ chooseFiles: undefined }}
      />,
    );
    expect(text(part('dropzone'))).toContain('Drop videos or folders here');
    expect(text(part('dropzone'))).toContain('Choose videos');
  });
});

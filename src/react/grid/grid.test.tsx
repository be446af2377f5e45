// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadError, type UploadSnapshot } from '../../engine/index.js';
import { anUpload, createFakeUploader, type FakeUploader } from '../../testing/index.js';
import { uploadComponents } from '../components/lazy.js';
import { undoCode } from '../stores/undo-code.js';
import { Uploader, type UploaderProps } from '../index.js';

beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await import('./upload-grid.js');
});
const writeText = vi.fn<(text: string) => Promise<void>>();
beforeEach(() => {
  writeText.mockResolvedValue(undefined);
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const ready = (parts: Partial<UploadSnapshot> = {}) =>
  anUpload({ fileName: 'keynote.mp4', status: 'ready', mediaId: 'm1', ...parts });

async function show(
  uploads: readonly UploadSnapshot[],
  props: Partial<UploaderProps> = {},
): Promise<FakeUploader> {
  const fake = createFakeUploader({ uploads });
  render(
    <Uploader
      {...(props as UploaderProps)}
      uploader={fake}
      layout="grid"
      endpoint={undefined}
      provider={undefined}
    />,
  );
  await waitFor(() => {
    expect(document.querySelector('.vd-tile')).not.toBeNull();
  });
  return fake;
}
const tiles = () => Array.from(document.querySelectorAll<HTMLElement>('[data-vodrop="upload"]'));
const tile = (index = 0) => tiles()[index] ?? document.createElement('li');
const button = (name: string) => within(tile()).getByRole('button', { name });
const nameOf = (element: Element) =>
  (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' ');

describe('a tile of the grid', () => {
  it('has the marks, the name and the description that a row has', async () => {
    await show([anUpload({ fileName: 'a.mp4', status: 'uploading', sizeBytes: 100, sentBytes: 40 })]);
    expect(tile().dataset).toMatchObject({ status: 'uploading', fileName: 'a.mp4' });
    expect(tile().tabIndex).toBe(0);
    expect(nameOf(tile())).toBe('a.mp4');
    expect(document.getElementById(tile().getAttribute('aria-describedby') ?? '')).not.toBeNull();
  });

  it('has a ring that is the progress, with two tones and the percent', async () => {
    await show([
      anUpload({ fileName: 'a.mp4', status: 'uploading', sizeBytes: 100, storedBytes: 40, sentBytes: 60 }),
    ]);
    const ring = within(tile()).getByRole('progressbar', { name: 'a.mp4' });
    expect(ring.getAttribute('aria-valuenow')).toBe('40');
    expect(ring.textContent).toBe('40%');
    expect(ring.style.getPropertyValue('--vd-ratio')).toBe('0.4');
    expect(ring.style.getPropertyValue('--vd-sent')).toBe('0.6');
  });

  it('shows a failure with its sentences, and retries from the picture', async () => {
    const fake = await show([
      anUpload({
        status: 'failed',
        canRetry: true,
        error: new UploadError('store-refused', { attempts: 2 }),
      }),
    ]);
    expect(tile().querySelector('.vd-why')?.textContent).not.toBe('');
    fireEvent.click(button('Retry'));
    expect(fake.calls).toContainEqual(expect.objectContaining({ method: 'retry' }));
  });

  it('asks in the tile before much is canceled, and shows what can be undone there', async () => {
    await show([anUpload({ status: 'uploading', canCancel: true, sizeBytes: 9e9, sentBytes: 8e9 })], {
      undo: false,
    });
    fireEvent.click(button('Cancel'));
    expect(tile().dataset.asking).toBe('true');
    expect(button('Keep uploading')).toBe(document.activeElement);
  });

  it('shows Undo in the tile of what is removed', async () => {
    await show([ready({ canRemove: true })]);
    act(() => {
      tile().focus();
    });
    fireEvent.keyDown(tile(), { key: 'Delete' });
    expect(tile().dataset.ending).toBe('remove');
    expect(button('Undo')).toBe(document.activeElement);
  });
});

describe('what can be copied of a ready tile', () => {
  const texts = {
    mediaLink: ({ mediaId }: UploadSnapshot) => `https://videos.example.com/${mediaId}`,
    mediaEmbed: ({ mediaId }: UploadSnapshot) => `<iframe src="${mediaId}"></iframe>`,
  };

  it('is what the functions of the host return, and is told', async () => {
    await show([ready()], texts);
    fireEvent.click(button('Copy link'));
    await waitFor(() => {
      expect(tile().querySelector('.vd-status')?.textContent).toBe('Link copied');
    });
    fireEvent.click(button('Copy embed code'));
    await waitFor(() => {
      expect(tile().querySelector('.vd-status')?.textContent).toBe('Embed code copied');
    });
    expect(writeText.mock.calls).toEqual([['https://videos.example.com/m1'], ['<iframe src="m1"></iframe>']]);
    await waitFor(() => {
      expect(document.querySelector('[data-vodrop="announcements"]')?.textContent).not.toBe('');
    });
  });

  it('is told when the browser does not allow it', async () => {
    writeText.mockRejectedValue(new Error('NotAllowedError'));
    await show([ready()], texts);
    fireEvent.click(button('Copy link'));
    await waitFor(() => {
      expect(tile().querySelector('.vd-status')?.textContent).toBe('Could not copy');
    });
    expect(tile().querySelector('.vd-status')).toHaveProperty('dataset.tone', 'bad');
  });

  it('is nothing where the host gives no text, and a function that throws takes down nothing', async () => {
    vi.stubGlobal('reportError', vi.fn());
    await show([ready()], {
      mediaLink: () => undefined,
      mediaEmbed: () => {
        throw new Error('no player');
      },
    });
    expect(within(tile()).queryByRole('button', { name: 'Copy link' })).toBeNull();
    expect(within(tile()).queryByRole('button', { name: 'Copy embed code' })).toBeNull();
    vi.unstubAllGlobals();
  });

  it('stands beside actions of the host', async () => {
    await show([ready()], { ...texts, slots: { mediaActions: () => <button type="button">Share</button> } });
    expect(button('Share').closest('.vd-tile-media')).not.toBeNull();
  });
});

it('renders of ten thousand uploads only those on screen, with their positions', async () => {
  await show(Array.from({ length: 10_000 }, (_none, index) => ready({ id: `u${index}` })));
  expect(tiles().length).toBeLessThan(200);
  expect(tile(2).getAttribute('aria-posinset')).toBe('3');
  expect(tile(2).getAttribute('aria-setsize')).toBe('10000');
});

it('offers Copy embed code in the menu of a row, too', async () => {
  const fake = createFakeUploader({ uploads: [ready()] });
  render(<Uploader uploader={fake} mediaEmbed={() => '<iframe></iframe>'} />);
  fireEvent.click(await screen.findByRole('button', { name: 'More' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy embed code' }));
  await waitFor(() => {
    expect(tile().querySelector('.vd-status')?.textContent).toBe('Embed code copied');
  });
});

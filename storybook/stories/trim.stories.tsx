import type { Meta, StoryObj } from '@storybook/react-vite';
import { waitFor } from 'storybook/test';
import { anUpload } from '../../src/testing/index.js';
import { capabilities } from '../support/samples.js';
import { Widget, type WidgetProps } from '../support/widget.js';

const fileName = 'DJI_0412_sunrise-ridge_4K60_D-Log.webm';

const meta: Meta<WidgetProps> = {
  title: 'Trim',
  loaders: [async () => ({ clip: await (await fetch('./clip.webm')).blob() })],
  render: (props, { loaded }) => {
    const file = new File([(loaded as { clip: Blob }).clip], fileName, { type: 'video/webm' });
    const upload = anUpload({ status: 'queued', fileName, sizeBytes: 5.2e9, canSetOptions: true, file });
    return (
      <Widget
        {...props}
        snapshot={{ capabilities, ...(props.trim && { uploads: [upload] }) }}
        autoStart={false}
      />
    );
  },
};
export default meta;
type Story = StoryObj<typeof meta>;

async function found(root: ParentNode, selector: string): Promise<HTMLElement> {
  return waitFor(
    () => {
      const element = root.querySelector<HTMLElement>(selector);
      if (!element) throw new Error(`no ${selector}`);
      return element;
    },
    { timeout: 20_000 },
  );
}

export const Editor: Story = {
  args: { trim: true },
  play: async ({ canvasElement }) => {
    (await found(canvasElement, '[data-slot="edit"]')).click();
    (await found(canvasElement, '[data-vodrop="trim-open"]')).click();
    await found(canvasElement, '[data-vodrop="trim"][data-phase="ready"]');
    await found(canvasElement, '.vd-trim-film .vd-strip-pictures :nth-child(10):is(img)');
    const end = await found(canvasElement, '.vd-trim-handle[data-point="end"]');
    (await found(canvasElement, '.vd-trim-mode:nth-child(2)')).click();
    end.focus();
    end.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }));
  },
};

interface KeptFilm {
  readonly id: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly bytes: Blob | undefined;
}

/** What earlier visits left to be shrunk: these, and nothing of the stories before. */
async function keepFilms(...kept: readonly KeptFilm[]): Promise<void> {
  const opening = indexedDB.open('vodrop-shrink', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('films', { keyPath: 'id' });
  await new Promise((resolve) => {
    opening.onsuccess = resolve;
  });
  const films = opening.result.transaction('films', 'readwrite').objectStore('films');
  films.clear();
  const film = { place: '  ', path: undefined, handle: undefined, choice: undefined };
  for (const [addedAt, one] of kept.entries()) films.put({ ...film, ...one, addedAt });
  await new Promise((resolve) => {
    films.transaction.oncomplete = resolve;
  });
  opening.result.close();
}

/** Chooses films of a phone: the clip, and as many bytes that players skip. */
async function choose(root: ParentNode, clip: Blob, ...names: string[]): Promise<void> {
  const skipped = new Uint8Array(3e6);
  skipped.set([0xec, 0x10, 0x2d, 0xc6, 0xbb]);
  const files = new DataTransfer();
  for (const name of names) files.items.add(new File([clip, skipped], name, { type: 'video/webm' }));
  const input = await found(root, 'input[type=file]');
  (input as HTMLInputElement).files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

export const Question: Story = {
  args: { shrink: { maxHeight: 90 } },
  loaders: [() => keepFilms()],
  play: async ({ canvasElement, loaded }) => {
    const at = Date.now();
    localStorage.setItem('vodrop-line-bytes-per-second', JSON.stringify({ value: 2e4, at }));
    localStorage.setItem('vodrop-shrink-pixels-per-second', JSON.stringify({ value: 1e6, at }));
    await choose(canvasElement, (loaded as { clip: Blob }).clip, fileName);
    await found(canvasElement, '[data-vodrop="shrink"]');
  },
};

/** Paused before the first frame, so that the percentage is always the same; the film behind it waits. */
export const Paused: Story = {
  args: { shrink: { maxHeight: 90, when: 'always' }, scope: 'paused' },
  loaders: [() => keepFilms()],
  play: async ({ canvasElement, loaded }) => {
    const pausing = new MutationObserver(() => {
      canvasElement
        .querySelector<HTMLElement>('[data-status="shrinking"] [data-icon="pause"]')
        ?.closest('button')
        ?.click();
    });
    pausing.observe(canvasElement, { subtree: true, childList: true, attributes: true });
    await choose(canvasElement, (loaded as { clip: Blob }).clip, fileName, 'B-roll harbor.webm');
    await found(canvasElement, '[data-vodrop="copy"][data-status="paused"] .vd-poster img');
    await found(canvasElement, '[data-vodrop="copy"][data-status="waiting"] .vd-poster img');
    pausing.disconnect();
  },
};

/** The page was closed while the copy was made. */
export const Interrupted: Story = {
  args: { shrink: {} },
  loaders: [
    () =>
      keepFilms(
        { id: 'one', fileName, sizeBytes: 3.2e9, bytes: undefined },
        { id: 'two', fileName: 'B-roll harbor.mp4', sizeBytes: 9e6, bytes: new Blob([]) },
      ),
  ],
  play: async ({ canvasElement }) => {
    await found(canvasElement, '[data-vodrop="copy"]:nth-child(2)');
  },
};

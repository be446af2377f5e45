// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadError, type UploadSnapshot } from '../engine/index.js';
import { anUnfinishedUpload, anUpload, createFakeUploader, type FakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { undoCode } from './stores/undo-code.js';
import { rejectionsCard } from './components/rejections.js';
import { unfinishedCards } from './components/unfinished-uploads.js';
import { Uploader, type UploaderProps } from './index.js';

const receipt = {
  sizeBytes: 1,
  partMd5Base64: [],
  partSizeBytes: 1,
  eTag: undefined,
  computedETag: '',
  isVerified: true,
};
const show = (fake: FakeUploader, props: Partial<UploaderProps> = {}) =>
  render(
    <StrictMode>
      <Uploader {...(props as object)} uploader={fake} />
    </StrictMode>,
  );
const row = (id: string) => {
  const found = document.querySelector<HTMLElement>(`[data-vodrop="upload"][data-upload-id="${id}"]`);
  if (!found) throw new Error(`no row ${id}`);
  return found;
};
const showOne = (parts: Partial<UploadSnapshot>, props: Partial<UploaderProps> = {}) => {
  const fake = createFakeUploader({
    uploads: [anUpload({ id: 'a', fileName: 'talk.mp4', sizeBytes: 1_000_000_000, ...parts })],
  });
  show(fake, props);
  return { fake, row: row('a'), within: within(row('a')) };
};
const text = (element: Element) => (element.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');
const buttons = (element: HTMLElement) =>
  within(element)
    .queryAllByRole('button')
    .map((button) => button.getAttribute('aria-label') ?? button.textContent);
const video = (name = 'a.mp4', type = 'video/mp4') => new File(['x'], name, { type });
const input = () => document.querySelector<HTMLInputElement>('input[type=file]');
const noon = Date.UTC(2026, 10, 15, 12);
const zone = () => document.querySelector<HTMLElement>('[data-vodrop="dropzone"]') ?? document.body;

// Their code comes beside the page; here it is there from the start.
beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await rejectionsCard.load();
  await unfinishedCards.load();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('rows', () => {
  it('say of a paused file of one part that nothing of it is stored, and count what a pause still finishes', () => {
    const one = { status: 'paused', partCount: 1, storedBytes: 0 } as const;
    const { row: paused } = showOne({ ...one, sentBytes: 0 });
    expect(text(paused)).toContain('nothing is stored in the cloud');
    expect(text(paused)).not.toContain('0.0 of');
    cleanup();
    const { row: pausing } = showOne({ ...one, sentBytes: 6e8, finishingParts: 1 });
    expect(text(pausing)).toContain('0.6 of 1.0 GB');
    expect(text(pausing)).not.toContain('nothing is stored');
  });

  it('shows the folder beside the name of a file from a folder', () => {
    const { row: item } = showOne({ path: 'card 2/DCIM/talk.mp4' });
    expect(text(item)).toContain('card 2/DCIM');
    expect(screen.getByRole('listitem', { name: 'talk.mp4 card 2/DCIM' })).toBe(item);
    cleanup();
    showOne({ path: 'talk.mp4' });
    expect(screen.getByRole('listitem', { name: 'talk.mp4' })).toBeTruthy();
  });

  it.each<[string, Partial<UploadSnapshot>, RegExp, string[]]>([
    ['queued', { status: 'queued', queuePosition: 3 }, /Waiting.*3 ahead/, ['Pause', 'Cancel']],
    [
      'preparing',
      { status: 'preparing', checkedBytes: 4.1e8 },
      /Checking the file.*41%.*0.4 of 1.0 GB/,
      ['Pause', 'Cancel'],
    ],
    [
      'uploading',
      { status: 'uploading', sentBytes: 6.3e8, bytesPerSecond: 4.8e7, remainingSeconds: 120 },
      /48 MB\/s2 min left/,
      ['Pause', 'Cancel'],
    ],
    ['paused', { status: 'paused', sentBytes: 6.3e8 }, /Paused/, ['Resume', 'Cancel']],
    [
      'waiting for the network',
      { status: 'uploading', waiting: { for: 'network' } },
      /Waiting for the network.*resumes automatically/,
      ['Pause', 'Cancel'],
    ],
    [
      'waiting for sign-in',
      { status: 'uploading', waiting: { for: 'sign-in' } },
      /Sign in again to continue/,
      ['Sign in', 'Cancel'],
    ],
    [
      'waiting for the cloud',
      { status: 'uploading', waiting: { for: 'cloud', retryAt: noon + 20_000 } },
      /The cloud is busy.*next try in 20 s/,
      ['Pause', 'Cancel'],
    ],
    [
      'waiting for the rate limit of the application',
      { status: 'uploading', waiting: { for: 'rate-limit', retryAt: noon + 20_000 } },
      /Upload limit reached.*next try in 20 s/,
      ['Pause', 'Cancel'],
    ],
    ['confirming', { status: 'confirming' }, /Confirming.*1 GB sent/, ['Cancel']],
    [
      'processing',
      { status: 'processing' },
      /Processing.*uploaded, you can leave this page/,
      ['Remove from list'],
    ],
    [
      'canceled',
      { status: 'canceled', cleanup: 'done' },
      /Canceled.*nothing is stored in the cloud/,
      ['Retry', 'Remove from list'],
    ],
    [
      'canceled, cleaning up',
      { status: 'canceled', cleanup: 'pending' },
      /Canceled.*cleaning up/,
      ['Retry', 'Remove from list'],
    ],
  ])('says what is %s, and offers what fits', (_name, parts, words, verbs) => {
    vi.useFakeTimers({ toFake: ['Date'], now: noon });
    const { row } = showOne(parts);
    expect(text(row)).toMatch(words);
    expect(buttons(row)).toEqual(verbs);
    expect(row.dataset.status).toBe(parts.status);
    expect(row.dataset.fileName).toBe('talk.mp4');
    expect(row.dataset.waiting).toBe(parts.waiting?.for);
  });

  it('says what failed, what is kept and what to do, and copies the diagnostics', async () => {
    const { row, within } = showOne({
      status: 'failed',
      sentBytes: 3.8e8,
      error: new UploadError('store-refused', { attempts: 6 }),
    });
    // The sentences are loaded with the first upload.
    await waitFor(() => {
      expect(text(row)).toContain('Stopped at 38%. The storage refused part of the file.');
    });
    expect(text(row)).toContain('Tried 6 times. 380 MB are saved. Retry, or send the details to support.');
    expect(row.dataset.errorCode).toBe('store-refused');
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    fireEvent.click(within.getByRole('button', { name: 'Copy details' }));
    await waitFor(() => {
      expect(writeText).toHaveBeenCalledWith(expect.stringContaining('"code": "store-refused"'));
    });
  });

  it('asks for the file again where a failure needs it', async () => {
    const { row } = showOne({ status: 'failed', cleanup: 'done', error: new UploadError('file-changed') });
    expect(buttons(row)).toEqual(['Choose the file…', 'Copy details', 'Remove from list']);
    await waitFor(() => {
      expect(text(row)).toContain('Nothing from the old version was mixed in.');
    });
  });

  it('shows media id, proof and player of a ready upload', async () => {
    const media = {
      mediaId: 'm-1',
      provider: 'p',
      status: 'ready' as const,
      playUrls: [{ url: 'http://cloud/a.mp4', format: 'mp4' }],
    };
    const { row, within } = showOne({ status: 'ready', mediaId: 'm-1', media, receipt });
    expect(row.dataset.mediaId).toBe('m-1');
    expect(text(row)).toMatch(/Ready.*Verified/);
    expect(row.querySelector('video')).toBeNull();
    fireEvent.click(within.getByRole('button', { name: 'Play' }));
    await waitFor(() => {
      expect(row.querySelector('video')?.getAttribute('src')).toBe('http://cloud/a.mp4');
    });
    expect(row.querySelector('video')?.closest('[hidden]')).toBeNull();
    expect(within.getByRole('button', { name: 'Close player' })).toBeTruthy();
  });

  it('does not say "Verified" without proof', () => {
    expect(text(showOne({ status: 'ready', receipt: { ...receipt, isVerified: false } }).row)).not.toContain(
      'Verified',
    );
  });

  it('gives the progress line a role, a value and words; a busy one has no value', () => {
    const { fake, within } = showOne({ status: 'uploading', sentBytes: 6.39e8, remainingSeconds: 120 });
    const bar = within.getByRole('progressbar');
    expect([
      bar.getAttribute('aria-valuenow'),
      bar.getAttribute('aria-valuemin'),
      bar.getAttribute('aria-valuemax'),
    ]).toEqual(['63', '0', '100']);
    expect(bar.getAttribute('aria-valuetext')).toBe('63 percent, 2 min left');
    act(() => {
      fake.update('a', { status: 'confirming' });
    });
    expect(within.getByRole('progressbar').hasAttribute('aria-valuenow')).toBe(false);
  });

  it.each([
    ['Pause', 'pause', 'uploading'],
    ['Resume', 'resume', 'paused'],
    ['Cancel', 'cancel', 'queued'],
    ['Retry', 'retry', 'canceled'],
    ['Remove from list', 'remove', 'canceled'],
  ] as const)('%s calls the uploader', (name, method, status) => {
    const { fake, within } = showOne({ status, sentBytes: 0 }, { undo: false });
    fireEvent.click(within.getByRole('button', { name }));
    expect(fake.calls).toEqual([{ method, id: 'a' }]);
  });

  it('keeps Pause and Resume one element, so that focus stays', () => {
    const { within } = showOne({ status: 'uploading' });
    const button = within.getByRole('button', { name: 'Pause' });
    button.focus();
    fireEvent.click(button);
    expect(document.activeElement).toBe(within.getByRole('button', { name: 'Resume' }));
    expect(document.activeElement).toBe(button);
  });

  it('asks before an upload of many bytes is canceled; Escape keeps it', () => {
    const { fake, row, within } = showOne({ status: 'uploading', sentBytes: 6e8 });
    fireEvent.click(within.getByRole('button', { name: 'Cancel' }));
    expect(text(row)).toContain('600 MB already uploaded will be deleted.');
    fireEvent.keyDown(within.getByRole('button', { name: 'Keep uploading' }), { key: 'Escape' });
    expect(fake.calls).toEqual([]);
    fireEvent.click(within.getByRole('button', { name: 'Cancel' }));
    fireEvent.click(within.getByRole('button', { name: 'Cancel upload' }));
    expect(fake.calls).toEqual([{ method: 'cancel', id: 'a' }]);
  });

  it.each([
    ['asks', 6.1e7, true],
    ['does not ask', 5.9e7, true],
    ['asks', 2e7, false],
    ['does not ask', 5e6, false],
  ])('%s before %d bytes are canceled on a line of 200 kB/s, with undo: %s', (what, sentBytes, undo) => {
    const { within } = showOne({ status: 'uploading', sentBytes, bytesPerSecond: 2e5 }, { undo });
    fireEvent.click(within.getByRole('button', { name: 'Cancel' }));
    expect(within.queryAllByRole('button', { name: 'Keep uploading' })).toHaveLength(what === 'asks' ? 1 : 0);
  });

  it('asks before an upload is canceled that is being confirmed, because it cannot wait', () => {
    const { fake, within } = showOne({ status: 'confirming', sentBytes: 1 });
    fireEvent.click(within.getByRole('button', { name: 'Cancel' }));
    expect(fake.calls).toEqual([]);
    fireEvent.click(within.getByRole('button', { name: 'Cancel upload' }));
    expect(fake.calls).toEqual([{ method: 'cancel', id: 'a' }]);
  });

  it('lets the host sign the person in, then continues the uploads', async () => {
    const fake = createFakeUploader({
      uploads: [anUpload({ id: 'a', status: 'uploading', waiting: { for: 'sign-in' } })],
    });
    const onUnauthorized = vi.fn();
    show(fake, { onUnauthorized });
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => {
      expect(fake.calls).toContainEqual({ method: 'notifySignedIn' });
    });
    expect(onUnauthorized).toHaveBeenCalledOnce();
  });
});

describe('list', () => {
  const three = () =>
    createFakeUploader({ uploads: ['a', 'b', 'c'].map((id) => anUpload({ id, status: 'canceled' })) });

  it('moves between rows by arrow keys and cancels by Delete', () => {
    const fake = three();
    show(fake);
    row('a').focus();
    fireEvent.keyDown(row('a'), { key: 'ArrowDown' });
    expect(document.activeElement).toBe(row('b'));
    fireEvent.keyDown(row('b'), { key: 'End' });
    expect(document.activeElement).toBe(row('c'));
    fireEvent.keyDown(row('c'), { key: 'Delete' });
    expect(fake.calls).toEqual([{ method: 'remove', id: 'c' }]);
  });

  it('the list is one stop of the Tab key', () => {
    show(three());
    expect(document.querySelectorAll('[data-vodrop="upload"][tabindex="0"]')).toHaveLength(1);
  });

  it('moves the focus of a removed row to the same button of the next row', async () => {
    show(three());
    const remove = within(row('b')).getByRole('button', { name: 'Remove from list' });
    remove.focus();
    fireEvent.click(remove);
    await waitFor(() => {
      expect(document.activeElement).toBe(within(row('c')).getByRole('button', { name: 'Remove from list' }));
    });
  });
});

describe('total', () => {
  it('the total sums up, and pauses, resumes and cancels all; canceling asks first', () => {
    const fake = createFakeUploader({
      uploads: [
        anUpload({
          status: 'uploading',
          sizeBytes: 2e9,
          sentBytes: 1e9,
          bytesPerSecond: 1e7,
          remainingSeconds: 100,
        }),
        anUpload({ status: 'ready', sizeBytes: 1e9, receipt }),
        anUpload({ id: 'f', status: 'failed', error: new UploadError('internal') }),
      ],
    });
    show(fake);
    const total = document.querySelector<HTMLElement>('[data-vodrop="total"]') ?? document.body;
    expect(text(total)).toContain('Uploading 3 videos');
    expect(text(total)).toContain('1 ready');
    fireEvent.click(within(total).getByRole('button', { name: '1 needs attention' }));
    expect(document.activeElement).toBe(row('f'));
    fireEvent.click(within(total).getByRole('button', { name: 'Pause all' }));
    fireEvent.click(within(total).getByRole('button', { name: 'Resume all' }));
    fireEvent.click(within(total).getByRole('button', { name: 'Cancel all' }));
    expect(text(total)).toContain('Cancel 1 unfinished upload?');
    fireEvent.click(within(total).getByRole('button', { name: 'Cancel uploads' }));
    expect(fake.calls.map(({ method }) => method)).toEqual(['pauseAll', 'resumeAll', 'cancelAll']);
  });

  it('counts, before all are canceled, the imports that the cloud can still stop', () => {
    const importing = (id: string, canCancel: boolean) =>
      anUpload({
        id,
        status: 'importing',
        source: { type: 'link', host: 'x.test' },
        canCancel,
        sizeBytes: 0,
      });
    const uploading = anUpload({ status: 'uploading', sizeBytes: 2e9, sentBytes: 1e9 });
    show(createFakeUploader({ uploads: [uploading, importing('a', true), importing('b', false)] }));
    const total = document.querySelector<HTMLElement>('[data-vodrop="total"]') ?? document.body;
    fireEvent.click(within(total).getByRole('button', { name: 'Cancel all' }));
    expect(text(total)).toContain('Cancel 2 unfinished uploads?');
  });
});

describe('the line about all uploads', () => {
  const said = (...uploads: UploadSnapshot[]) => {
    show(createFakeUploader({ uploads }));
    return text(document.querySelector<HTMLElement>('[data-vodrop="total"]') ?? document.body);
  };
  const ready = () => anUpload({ status: 'ready', sizeBytes: 2e9, receipt });

  it('claims only what is ready where something failed', () => {
    const failed = anUpload({ status: 'failed', sizeBytes: 5e9, error: new UploadError('internal') });
    const line = said(ready(), ready(), failed);
    expect(line).toContain('4 GB');
    expect(line).not.toContain('9 GB');
    expect(line).not.toContain('verified');
  });

  it('says that all were verified where all were', () => {
    expect(said(ready(), ready())).toContain('all verified');
  });

  it('says that the network is missing where all that could move wait for it, and for nothing else', () => {
    const waits = (reason: 'network' | 'sign-in') =>
      anUpload({ status: 'uploading', waiting: { for: reason } });
    const queued = anUpload({ status: 'queued', queuePosition: 0 });
    expect(said(waits('network'), queued)).toContain('Waiting for the network');
    cleanup();
    expect(said(waits('network'), anUpload({ status: 'uploading' }))).not.toContain('network');
    cleanup();
    expect(said(waits('sign-in'), queued)).not.toContain('network');
  });
});

describe('drop zone', () => {
  const transfer = (...files: File[]) => ({
    dataTransfer: {
      types: ['Files'],
      files,
      items: files.map((file) => ({ kind: 'file', type: file.type, getAsFile: () => file })),
      dropEffect: '',
    },
  });
  let fake: FakeUploader;
  beforeEach(() => {
    fake = createFakeUploader();
  });
  const added = () =>
    fake.calls
      .filter(({ method }) => method === 'add')
      .flatMap(({ files = [] }) => files.map(({ name }) => name));

  it('the drop zone has one native input, of several files unless only one is wanted', () => {
    show(fake);
    expect(document.querySelectorAll('input[type=file]')).toHaveLength(1);
    expect(input()?.multiple).toBe(true);
    cleanup();
    show(fake, { maxFiles: 1 });
    expect(input()?.multiple).toBe(false);
  });

  it('adds chosen files, and the same one again', async () => {
    show(fake);
    await userEvent.upload(input() ?? document.body, video());
    await waitFor(() => {
      expect(added()).toEqual(['a.mp4']);
    });
    expect(input()?.value).toBe('');
  });

  it('opens the dialog by click and by Enter, on the button and on the zone', async () => {
    show(fake);
    const opened = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(() => undefined);
    await userEvent.click(screen.getByRole('button', { name: 'Choose videos' }));
    expect(opened).toHaveBeenCalledTimes(1);
    screen.getByRole('button', { name: 'Choose videos' }).focus();
    await userEvent.keyboard('{Enter}');
    expect(opened).toHaveBeenCalledTimes(2);
    fireEvent.click(zone());
    fireEvent.keyDown(zone(), { key: 'Enter' });
    expect(opened).toHaveBeenCalledTimes(4);
  });

  it('says what hangs over the drop zone, without flicker at the edges of its children', () => {
    show(fake);
    const child = zone().firstElementChild ?? zone();
    fireEvent.dragEnter(zone(), transfer(video()));
    expect(zone().dataset.drag).toBe('accept');
    expect(text(zone())).toContain('Drop to add 1 video');
    fireEvent.dragEnter(child, transfer(video()));
    fireEvent.dragLeave(zone(), transfer(video()));
    expect(zone().dataset.drag).toBe('accept');
    fireEvent.dragLeave(child, transfer(video()));
    expect(zone().dataset.drag).toBeUndefined();
    fireEvent.dragEnter(zone(), transfer(video('a.pdf', 'application/pdf')));
    expect(zone().dataset.drag).toBe('reject');
  });

  it.each<[string, (below: Element, entered: Element) => void]>([
    ['enters an element beside the zone', () => fireEvent.dragEnter(document.body, transfer(video()))],
    [
      'leaves the element below it',
      (below) => {
        fireEvent.dragOver(below, transfer(video()));
        fireEvent.dragLeave(below, transfer(video()));
      },
    ],
    [
      'leaves the element that it has entered after that was removed',
      (_below, entered) => fireEvent.dragLeave(entered, transfer(video())),
    ],
    [
      'moves on over the page after the element that it has entered was removed',
      () => fireEvent.dragOver(document.body, transfer(video())),
    ],
    [
      'is dropped on a target inside that stops the propagation of the event',
      (below) => {
        below.addEventListener('drop', (event) => {
          event.stopPropagation();
        });
        fireEvent.drop(below, transfer(video()));
      },
    ],
    [
      'is canceled without any event, and the pointer moves again',
      () => fireEvent.pointerMove(document.body),
    ],
  ])('is lit no longer once the drag %s', (_, end) => {
    show(fake, {
      slots: { dropzone: (dropzone) => (dropzone.drag ? <em>Drop</em> : <b>Your files</b>) },
    });
    const entered = zone().querySelector('b') ?? zone();
    fireEvent.dragEnter(entered, transfer(video()));
    expect(zone().dataset.drag).toBe('accept');
    // React has replaced the element that was entered.
    expect(entered.isConnected).toBe(false);
    end(zone().querySelector('em') ?? zone(), entered);
    expect(zone().dataset.drag).toBeUndefined();
  });

  it('keeps its button in place while files hang over the compact zone', () => {
    fake.set({ uploads: [anUpload({ status: 'uploading' })] });
    show(fake);
    const button = screen.getByRole('button', { name: 'Choose videos' });
    fireEvent.dragEnter(button, transfer(video()));
    expect(zone().dataset.drag).toBe('accept');
    expect(button.isConnected).toBe(true);
  });

  it('keeps the page when files are dropped beside every target, except where something else takes them', () => {
    const stray = (type: 'dragOver' | 'drop', target: Element = document.body, what = transfer(video())) =>
      !fireEvent[type](target, what);
    const { unmount } = show(fake);
    expect([stray('dragOver'), stray('drop')]).toEqual([true, true]);
    // Text is not a file, and a file input takes files by itself.
    expect(
      stray('drop', document.body, { dataTransfer: { types: ['text/plain'], items: [] } } as never),
    ).toBe(false);
    const field = document.body.appendChild(document.createElement('input'));
    field.type = 'file';
    expect([stray('dragOver', field), stray('drop', field)]).toEqual([false, false]);
    field.remove();
    unmount();
    expect(stray('drop')).toBe(false);
    show(fake, { preventStrayDrops: false });
    expect(stray('drop')).toBe(false);
  });

  it('adds dropped and pasted files once', async () => {
    show(fake);
    fireEvent.drop(zone(), transfer(video('dropped.mp4')));
    await waitFor(() => {
      expect(added()).toEqual(['dropped.mp4']);
    });
    const files = [video('pasted.mp4')];
    fireEvent.paste(zone(), { clipboardData: { files, items: [] } });
    await waitFor(() => {
      expect(added()).toEqual(['dropped.mp4', 'pasted.mp4']);
    });
  });

  it('counts the files of a large drop while they are added', async () => {
    let end = () => {};
    fake.add = () =>
      new Promise((resolve) => {
        end = () => {
          resolve({ added: [], rejections: [] });
        };
      });
    show(fake);
    fireEvent.drop(zone(), transfer(...Array.from({ length: 2000 }, (_, index) => video(`${index}.mp4`))));
    await waitFor(() => {
      expect(text(zone())).toContain('Adding 0 of 2,000');
    });
    act(() => {
      fake.set({ uploads: Array.from({ length: 1200 }, () => anUpload()) });
    });
    expect(text(zone())).toContain('Adding 1,200 of 2,000');
    end();
    await waitFor(() => {
      expect(text(zone())).not.toContain('Adding');
    });
  });

  it('adds nothing while the drop zone is disabled or full', () => {
    show(fake, { disabled: true });
    fireEvent.drop(zone(), transfer(video()));
    expect(input()?.disabled).toBe(true);
    cleanup();
    fake.set({ uploads: [anUpload({ status: 'uploading' })] });
    show(fake, { maxFiles: 1 });
    fireEvent.drop(zone(), transfer(video()));
    expect(text(zone())).toContain('You have reached the limit of 1 upload.');
    expect(added()).toEqual([]);
  });

  it('lets the host replace or reject files before they are added', async () => {
    const onFilesAdded = vi
      .fn<(files: File[]) => File[] | false>()
      .mockReturnValueOnce([video('other.mp4')])
      .mockReturnValueOnce(false);
    show(fake, { onFilesAdded });
    fireEvent.drop(zone(), transfer(video()));
    await waitFor(() => {
      expect(added()).toEqual(['other.mp4']);
    });
    fireEvent.drop(zone(), transfer(video()));
    await waitFor(() => {
      expect(onFilesAdded).toHaveBeenCalledTimes(2);
    });
    expect(added()).toEqual(['other.mp4']);
  });

  it('the drop zone is compact once there is something below it', () => {
    show(fake);
    expect(zone().hasAttribute('data-compact')).toBe(false);
    act(() => {
      fake.set({ uploads: [anUpload()] });
    });
    expect(zone().hasAttribute('data-compact')).toBe(true);
    expect(screen.getByRole('button', { name: 'Choose videos' })).toBeTruthy();
  });
});

describe('rejections', () => {
  it('say which types and which codecs are accepted', async () => {
    const fake = createFakeUploader();
    fake.set({
      rejections: [
        { file: new File([], 'a.txt'), code: 'file-invalid-type' },
        {
          file: new File([], 'b.mp4'),
          code: 'codec-not-accepted',
          message: 'hevc',
          accepted: ['avc', 'vp9'],
        },
      ],
      checkedFileCount: 2,
    });
    show(fake);
    const card = await screen.findByRole('group', { name: 'Rejected files' });
    expect(text(card)).toContain('Not a videoa.txtMP4, MOV, MKV and WebM can be added here.');
    expect(text(card)).toContain(
      'Codec not accepted: H.265 (HEVC)b.mp4H.264 (AVC) and VP9 can be added here.',
    );
  });

  it('groups rejections by reason in one card that can be dismissed', async () => {
    const fake = createFakeUploader();
    const onRejected = vi.fn();
    show(fake, { onRejected });
    const rejections = [
      { file: video('a.txt'), code: 'file-invalid-type' as const },
      { file: video('b.txt'), code: 'file-invalid-type' as const },
      { file: video('big.mov'), code: 'file-too-large' as const, limit: 2e10 },
    ];
    fake.answerAddWith({ added: [], rejections });
    await userEvent.upload(input() ?? document.body, [
      video(),
      video('b.mp4'),
      video('c.mp4'),
      video('d.mp4'),
    ]);
    const card = await waitFor(
      () =>
        document.querySelector<HTMLElement>('[data-vodrop="rejections"]') ??
        Promise.reject(new Error('no card')),
    );
    expect(text(card)).toContain('3 of 4 files cannot be added');
    expect(text(card)).toContain('Not a video (2)a.txt, b.txt');
    expect(text(card)).toContain('This file is 1 byte; the limit is 20 GBbig.mov');
    expect(
      Array.from(
        card.querySelectorAll<HTMLElement>('[data-rejection-code]'),
        ({ dataset }) => dataset.rejectionCode,
      ),
    ).toEqual(['file-invalid-type', 'file-too-large']);
    expect(onRejected).toHaveBeenCalledWith(rejections);
    fireEvent.click(within(card).getByRole('button', { name: 'Dismiss' }));
    expect(document.querySelector('[data-vodrop="rejections"]')).toBeNull();
  });
});

describe('unfinished uploads', () => {
  it('an unfinished card says how much is stored, and asks before much is discarded', () => {
    const fake = createFakeUploader({
      unfinished: [anUnfinishedUpload({ id: 'u', fileName: 'lecture.mp4' })],
    });
    show(fake);
    const card =
      document.querySelector<HTMLElement>('[data-vodrop="unfinished"][data-file-name="lecture.mp4"]') ??
      document.body;
    expect(text(card)).toContain('Continue “lecture.mp4” at 63%');
    expect(within(card).getByRole('button', { name: 'Choose the file…' })).toBeTruthy();
    fireEvent.click(within(card).getByRole('button', { name: 'Discard' }));
    expect(text(card)).toContain('7.5 GB already uploaded will be deleted.');
    fireEvent.click(within(card).getByRole('button', { name: 'Discard' }));
    expect(fake.calls).toEqual([{ method: 'discardUnfinished', id: 'u' }]);
  });
});

describe('for the host', () => {
  it('calls the callbacks of the host from start to end', () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a' })] });
    const callbacks = {
      onUploadStart: vi.fn(),
      onProgress: vi.fn(),
      onConfirmed: vi.fn(),
      onReady: vi.fn(),
      onError: vi.fn(),
    };
    show(fake, callbacks);
    act(() => {
      fake.update('a', { status: 'uploading', sentBytes: 5 });
    });
    act(() => {
      fake.update('a', { status: 'confirming' });
    });
    act(() => {
      fake.update('a', { status: 'ready' });
    });
    const error = new UploadError('internal');
    act(() => {
      fake.update('a', { status: 'failed', error });
    });
    for (const callback of Object.values(callbacks)) expect(callback).toHaveBeenCalledOnce();
    expect(callbacks.onError).toHaveBeenCalledWith(error, expect.objectContaining({ id: 'a' }));
  });

  it('replaces single texts by the messages of the host', () => {
    show(createFakeUploader(), { messages: { dropHere: () => 'Films, please' } });
    expect(text(zone())).toContain('Films, please');
    expect(text(zone())).toContain('Choose videos');
  });

  it('does not destroy an engine of the host when it unmounts', () => {
    const fake = createFakeUploader();
    show(fake).unmount();
    expect(fake.isDestroyed).toBe(false);
  });

  it('polls media details only while an upload is processing', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'processing' })] });
    show(fake);
    await waitFor(() => {
      expect(fake.calls).toContainEqual({ method: 'refreshDetails' });
    });
    act(() => {
      fake.update('a', { status: 'ready' });
    });
    const asked = fake.calls.length;
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(fake.calls).toHaveLength(asked);
  });
});

describe('announcements', () => {
  const said = (kind: 'status' | 'alert') => document.querySelector(`[role="${kind}"]`)?.textContent;

  it('renders both live regions from the start, empty', () => {
    show(createFakeUploader());
    expect([said('status'), said('alert')]).toEqual(['', '']);
  });

  it('announces starts politely and failures assertively', async () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', fileName: 'talk.mp4' })] });
    show(fake);
    await act(() => import('./messages/en-errors.js'));
    act(() => {
      fake.update('a', { status: 'uploading', sentBytes: 1 });
    });
    expect(said('status')).toBe('Uploading 1 video');
    act(() => {
      fake.update('a', { status: 'failed', error: new UploadError('store-refused') });
    });
    expect(said('alert')).toBe('talk.mp4 stopped. The storage refused part of the file.');
  });

  it('announces pause, resume, cancel and removal of one upload by its name, and of several by their number', () => {
    vi.useFakeTimers();
    const fake = createFakeUploader({
      uploads: ['a', 'b'].map((id) =>
        anUpload({ id, fileName: `${id}.mp4`, status: 'uploading', sizeBytes: 100, sentBytes: 45 }),
      ),
    });
    show(fake);
    act(() => {
      fake.update('a', { status: 'paused' });
    });
    expect(said('status')).toBe('a.mp4 paused, 45 percent');
    act(() => {
      fake.update('a', { status: 'uploading' });
    });
    expect(said('status')).toBe('Uploading a.mp4');
    act(() => {
      fake.update('a', { status: 'canceled' });
    });
    expect(said('status')).toBe('Canceled: a.mp4');
    act(() => {
      fake.set({ uploads: [] });
      vi.advanceTimersByTime(0);
    });
    expect(said('status')).toBe('Removed from the list: 2 videos');
  });

  it('announces no percent after the failure of all that was uploading', () => {
    vi.useFakeTimers();
    const fake = createFakeUploader({
      uploads: [anUpload({ id: 'a', fileName: 'a.mp4', sizeBytes: 100 })],
    });
    show(fake);
    act(() => {
      fake.update('a', { status: 'uploading', sentBytes: 1 });
    });
    act(() => {
      fake.update('a', { sentBytes: 80 });
    });
    act(() => {
      fake.update('a', { status: 'failed', error: new UploadError('internal') });
    });
    act(() => {
      vi.advanceTimersByTime(10_000);
    });
    expect(said('alert')).toContain('a.mp4 stopped.');
    expect(said('status')).toBe('Uploading 1 video');
  });

  it('announces rejected files at once, also right after a start', () => {
    vi.useFakeTimers();
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a' })] });
    show(fake);
    act(() => {
      fake.update('a', { status: 'uploading', sentBytes: 1 });
    });
    act(() => {
      fake.set({ rejections: [{ file: new File([], 'a.txt'), code: 'file-empty' }], checkedFileCount: 4 });
    });
    expect(said('status')).toBe('1 of 4 files cannot be added');
  });

  it('reads the status of a row with its name', () => {
    const fake = createFakeUploader({
      uploads: [
        anUpload({ id: 'a', fileName: 'a.mp4', status: 'paused', sizeBytes: 1e6, sentBytes: 5e5 }),
        anUpload({ id: 'b', fileName: 'b.mp4', status: 'failed', error: new UploadError('internal') }),
      ],
    });
    show(fake);
    const described = (id: string) => {
      const row = document.querySelector(`[data-upload-id="${id}"]`);
      return document.getElementById(row?.getAttribute('aria-describedby') ?? '')?.textContent;
    };
    expect(described('a')).toContain('Paused');
    expect(described('b')).toContain('The upload stopped.');
  });

  it('announces failures within five seconds in one sentence', () => {
    vi.useFakeTimers();
    const fake = createFakeUploader({
      uploads: ['a', 'b', 'c'].map((id) => anUpload({ id, status: 'uploading' })),
    });
    show(fake);
    for (const id of ['a', 'b', 'c'])
      act(() => {
        fake.update(id, { status: 'failed', error: new UploadError('internal') });
      });
    act(() => {
      vi.advanceTimersByTime(5000);
    });
    expect(said('alert')).toBe('3 videos stopped and need attention.');
  });

  it('announces every video that is ready, in sentences of five seconds, also when a quarter comes between', () => {
    vi.useFakeTimers();
    const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
    const fake = createFakeUploader({
      uploads: ids.map((id) => anUpload({ id, fileName: `${id}.mp4`, sizeBytes: 100 })),
    });
    show(fake);
    const heard: string[] = [];
    const observer = new MutationObserver(() => heard.push(said('status') ?? ''));
    const region = document.querySelector('[role="status"]');
    if (region) observer.observe(region, { subtree: true, childList: true, characterData: true });
    act(() => {
      fake.set({ uploads: fake.getSnapshot().uploads.map((one) => ({ ...one, status: 'uploading' })) });
    });
    for (const id of ids)
      act(() => {
        fake.update(id, { status: 'ready', sentBytes: 100, storedBytes: 100 });
        vi.advanceTimersByTime(1100);
        for (const _ of observer.takeRecords()) heard.push(said('status') ?? '');
      });
    act(() => {
      vi.advanceTimersByTime(20_000);
    });
    heard.push(said('status') ?? '');
    const sentences = heard.filter((text, index) => text && text !== heard[index - 1]);
    const ready = sentences.map((text) =>
      text.endsWith('.mp4 is ready') ? 1 : Number(/^(\d+) videos ready$/.exec(text)?.[1] ?? 0),
    );
    expect(ready.reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(ready.filter(Boolean).length).toBeLessThanOrEqual(4);
  });
});

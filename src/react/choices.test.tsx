// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Capabilities, UploadError } from '../engine/index.js';
import { anUnfinishedUpload, anUpload, createFakeUploader, type FakeUploader } from '../testing/index.js';
import { pageEffects } from './components/background.js';
import { uploadComponents } from './components/lazy.js';
import { undoCode } from './stores/undo-code.js';
import { rejectionsCard } from './components/rejections.js';
import { unfinishedCards } from './components/unfinished-uploads.js';
import { dockComponents } from './dock.js';
import { wouldLose } from './hooks/use-leave-warning.js';
import { Uploader, UploaderDock, UploaderProvider, type UploaderProps } from './index.js';

const show = (fake: FakeUploader, props: Partial<UploaderProps> = {}) =>
  render(
    <StrictMode>
      <Uploader {...(props as object)} uploader={fake} />
    </StrictMode>,
  );
const text = (element: Element | null) => (element?.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');
const part = (name: string) =>
  document.querySelector<HTMLElement>(`[data-vodrop="${name}"]`) ?? document.body;
const calls = (fake: FakeUploader) => fake.calls.map(({ method }) => method);
const capabilities: Capabilities = {
  provider: 'p',
  checksum: 'none',
  singlePutMaxBytes: 0,
  signing: 'ahead',
  canReplace: false,
  options: ['title', 'tags'],
};

// Their code comes beside the page; here it is there from the start.
beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await pageEffects.load();
  await rejectionsCard.load();
  await unfinishedCards.load();
  await dockComponents.load();
  await import('./components/details/details-dialog.js');
  await import('./components/title-editor.js');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('unfinished uploads', () => {
  it('continues an unfinished upload with one click where the browser can open the file', () => {
    const fake = createFakeUploader({ unfinished: [anUnfinishedUpload({ id: 'u', canContinue: true })] });
    show(fake);
    fireEvent.click(within(part('unfinished')).getByRole('button', { name: 'Continue' }));
    expect(fake.calls).toEqual([{ method: 'continueUnfinished', id: 'u' }]);
  });

  it('several unfinished uploads share a card that continues all that the browser can open', () => {
    const unfinished = [
      anUnfinishedUpload({ id: 'a', canContinue: true, sizeBytes: 6e9, storedBytes: 2e9 }),
      anUnfinishedUpload({ id: 'b', canContinue: true, sizeBytes: 2e9, storedBytes: 1e9 }),
      anUnfinishedUpload({ id: 'c', canContinue: false, sizeBytes: 2e9, storedBytes: 1e9 }),
    ];
    const fake = createFakeUploader({ unfinished });
    show(fake);
    expect(text(part('unfinished-group'))).toMatch(/^3 unfinished uploads4.0 of 10.0 GB stored/);
    fireEvent.click(screen.getByRole('button', { name: 'Continue all' }));
    expect(fake.calls).toEqual([
      { method: 'continueUnfinished', id: 'a' },
      { method: 'continueUnfinished', id: 'b' },
    ]);
  });

  it('an unfinished card says that the given file is another, and offers to choose again or to upload it as new', async () => {
    const fake = createFakeUploader({
      unfinished: [anUnfinishedUpload({ id: 'u', fileName: 'lecture.mp4' })],
    });
    fake.continueUnfinished = () => {
      fake.set({
        unfinished: [anUnfinishedUpload({ id: 'u', fileName: 'lecture.mp4', wrongFileName: 'lecture.mp4' })],
      });
      return Promise.resolve('wrong-file');
    };
    show(fake);
    const files = [new File(['x'], 'lecture.mp4')];
    fireEvent.drop(part('unfinished'), {
      dataTransfer: {
        types: ['Files'],
        files,
        items: files.map((file) => ({ kind: 'file', getAsFile: () => file })),
      },
    });
    await waitFor(() => {
      expect(part('unfinished').dataset.state).toBe('wrong-file');
    });
    expect(
      screen.getByText('This is a different file with the same name.').closest('[role="alert"]'),
    ).not.toBeNull();
    expect(screen.getByRole('button', { name: 'Choose another file…' })).toBeTruthy();
    fireEvent.click(await screen.findByRole('button', { name: 'Upload as a new video' }));
    await waitFor(() => {
      expect(calls(fake)).toContain('add');
    });
    expect(part('unfinished').dataset.state).toBe('needs-file');
  });
});

describe('start by hand', () => {
  it('starts one upload or all of them where autoStart is false', () => {
    const fake = createFakeUploader({
      uploads: ['held-1', 'held-2'].map((id) => anUpload({ id, isNotStarted: true })),
    });
    show(fake, { autoStart: false });
    expect(text(part('total'))).toContain('2 videos not started');
    fireEvent.click(within(part('upload')).getByRole('button', { name: 'Start' }));
    expect(fake.calls).toEqual([{ method: 'start', id: 'held-1' }]);
    expect(within(part('upload')).queryByRole('button', { name: 'Start' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Start all' }));
    expect(fake.calls.at(-1)).toEqual({ method: 'start' });
  });

  it('shows an upload as started when the host starts it through the engine', () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', isNotStarted: true })] });
    show(fake, { autoStart: false });
    expect(part('upload').dataset.held).toBe('true');
    act(() => {
      fake.start('a');
    });
    expect(part('upload').dataset.held).toBeUndefined();
    expect(text(part('upload'))).not.toContain('Not started');
    expect(screen.queryByRole('button', { name: 'Start' })).toBeNull();
  });
});

describe('details', () => {
  it('offers the details dialog only where the provider or the host has fields for it', () => {
    show(createFakeUploader({ uploads: [anUpload()] }));
    expect(screen.queryByRole('button', { name: 'Edit details' })).toBeNull();
    cleanup();
    show(createFakeUploader({ uploads: [anUpload()], capabilities }));
    expect(screen.getByRole('button', { name: 'Edit details' })).toBeTruthy();
    cleanup();
    show(createFakeUploader({ uploads: [anUpload()] }), { renderDetails: () => 'own' });
    expect(screen.getByRole('button', { name: 'Edit details' })).toBeTruthy();
  });

  it('offers a cover of an import only where the cloud attaches one to what it has pulled', () => {
    const imported = anUpload({ source: { type: 'link', host: 'media.example.com' }, status: 'importing' });
    const pulls: Capabilities['import'] = { progress: 'states', cancel: 'never', schemes: ['https'] };
    const cover: Capabilities['cover'] = { contentTypes: ['image/jpeg'], when: 'any' };
    const bare = { ...capabilities, options: undefined, cover };
    show(createFakeUploader({ uploads: [imported], capabilities: { ...bare, import: pulls } }));
    expect(screen.queryByRole('button', { name: 'Edit details' })).toBeNull();
    cleanup();
    const taken: Capabilities['import'] = { ...pulls, attachments: ['cover'] };
    show(createFakeUploader({ uploads: [imported], capabilities: { ...bare, import: taken } }));
    expect(screen.getByRole('button', { name: 'Edit details' })).toBeTruthy();
  });

  it('the details dialog saves title, tags and the fields of the host', async () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a' })], capabilities });
    show(fake, {
      renderDetails: ({ setOptions }) => (
        <button
          type="button"
          onClick={() => {
            setOptions({ project: 7 });
          }}
        >
          Own field
        </button>
      ),
    });
    fireEvent.click(screen.getByRole('button', { name: 'Edit details' }));
    fireEvent.change(await screen.findByLabelText('Title'), { target: { value: 'Harbour' } });
    fireEvent.change(screen.getByLabelText(/^Tags/), { target: { value: 'sea, dawn' } });
    fireEvent.keyDown(screen.getByLabelText(/^Tags/), { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Own field' }));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(fake.getSnapshot().uploads[0]?.options).toEqual({
      title: 'Harbour',
      tags: ['sea', 'dawn'],
      project: 7,
    });
  });
});

describe('the title of a row', () => {
  const limit = { maxLength: 20, unit: 'bytes' } as const;
  const updates = { title: limit, description: limit };
  const moving = () => anUpload({ id: 'a', fileName: 'DJI_0412.mp4', status: 'uploading', sentBytes: 0 });
  const edit = async (fake: FakeUploader) => {
    show(fake);
    fireEvent.keyDown(part('upload'), { key: 'F2' });
    return screen.findByRole<HTMLInputElement>('textbox', { name: 'Title: DJI_0412.mp4' });
  };

  it('starts as the file name without its extension, and Enter saves it while the file uploads', async () => {
    const fake = createFakeUploader({ uploads: [moving()], capabilities: { ...capabilities, updates } });
    const box = await edit(fake);
    expect(box.value).toBe('DJI_0412');
    expect(box.selectionEnd).toBe('DJI_0412'.length);
    fireEvent.change(box, { target: { value: 'Sunrise' } });
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(fake.calls).toEqual([{ method: 'setDetails', id: 'a' }]);
    expect(fake.getSnapshot().uploads[0]?.details).toMatchObject({ title: 'Sunrise' });
    expect(text(part('upload'))).toMatch(/^.*Sunrise.*Saved/);
    expect(text(document.querySelector('[aria-live="polite"]'))).toBe('Title saved');
  });

  it('goes with the start while that is to come', async () => {
    const upload = anUpload({ id: 'a', fileName: 'DJI_0412.mp4', options: { category: 3 } });
    const fake = createFakeUploader({ uploads: [upload], capabilities: { ...capabilities, updates } });
    const box = await edit(fake);
    fireEvent.change(box, { target: { value: 'Sunrise' } });
    fireEvent.blur(box);
    expect(fake.getSnapshot().uploads[0]?.options).toEqual({ category: 3, title: 'Sunrise' });
  });

  it('stays when Escape is pressed, when nothing was typed, and when it is longer than the service takes', async () => {
    const fake = createFakeUploader({ uploads: [moving()], capabilities: { ...capabilities, updates } });
    const box = await edit(fake);
    fireEvent.change(box, { target: { value: 'x'.repeat(21) } });
    expect(box.getAttribute('aria-invalid')).toBe('true');
    expect(text(part('upload'))).toContain('21 / 20');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(box.isConnected).toBe(true);
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(box.isConnected).toBe(false);
    fireEvent.keyDown(part('upload'), { key: 'F2' });
    fireEvent.blur(await screen.findByRole('textbox'));
    expect(fake.calls).toEqual([]);
  });

  it('is no field where neither the start nor an update takes it any more', () => {
    const fake = createFakeUploader({ uploads: [moving()], capabilities });
    show(fake);
    expect(document.querySelector('[data-editable]')).toBeNull();
    fireEvent.keyDown(part('upload'), { key: 'F2' });
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('shows what was sent as text in the dialog once it cannot be changed, and no dead field', async () => {
    const upload = { ...moving(), options: { title: 'Sunrise', tags: ['drone', 'ridge'] } };
    const fake = createFakeUploader({ uploads: [upload], capabilities });
    show(fake);
    fireEvent.click(screen.getByRole('button', { name: 'Edit details' }));
    const dialog = await screen.findByRole('dialog', { hidden: true });
    expect(text(dialog)).toContain('drone and ridge');
    expect(within(dialog).queryByRole('textbox', { hidden: true })).toBeNull();
    expect(dialog.querySelectorAll(':disabled, [aria-disabled]')).toHaveLength(0);
    expect(within(dialog).queryByRole('button', { name: 'Save', hidden: true })).toBeNull();
  });

  it('says in row and dialog that the cloud did not accept the title, and saves it again', async () => {
    const details = { title: 'Sunrise', status: 'failed', error: new UploadError('vendor-refused') } as const;
    const fake = createFakeUploader({
      uploads: [anUpload({ id: 'a', status: 'ready', details })],
      capabilities: { ...capabilities, updates },
    });
    show(fake);
    expect(text(part('upload'))).toContain('Title and details not saved');
    fireEvent.click(screen.getByRole('button', { name: 'Edit details' }));
    const dialog = await screen.findByRole('dialog', { hidden: true });
    expect(text(dialog)).toContain('Not saved: the cloud did not accept it.');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save', hidden: true }));
    expect(fake.calls).toEqual([{ method: 'setDetails', id: 'a' }]);
  });
});

describe('attachments that have failed', () => {
  const failed = (kind: 'cover' | 'subtitle', fileName: string) => ({
    attachmentId: kind,
    kind,
    file: new File(['x'], fileName),
    fileName,
    sizeBytes: 1,
    contentType: '',
    language: kind === 'subtitle' ? 'en' : undefined,
    title: undefined,
    status: 'failed' as const,
    error: new UploadError('store-refused'),
  });

  it.each([
    ['cover', 'still.jpg'],
    ['subtitle', 'talk.vtt'],
  ] as const)('the details dialog sends a failed %s once more', async (kind, fileName) => {
    const fake = createFakeUploader({
      uploads: [anUpload({ id: 'a', status: 'ready', attachments: [failed(kind, fileName)] })],
      capabilities: {
        ...capabilities,
        cover: { contentTypes: ['image/jpeg'], when: 'any' },
        subtitles: { formats: ['vtt'], maxCount: 4, when: 'any' },
      },
    });
    show(fake);
    fireEvent.click(screen.getByRole('button', { name: 'Edit details' }));
    fireEvent.click(await screen.findByRole('button', { name: `Retry: ${fileName}` }));
    expect(fake.calls).toContainEqual(expect.objectContaining({ method: 'retryAttachment', id: 'a' }));
    expect(fake.getSnapshot().uploads[0]?.attachments[0]?.status).toBe('stored');
  });
});

describe('the notification when all is ready', () => {
  const shown: string[] = [];
  class FakeNotification {
    static permission: NotificationPermission = 'default';
    static requestPermission = vi.fn(() => {
      FakeNotification.permission = 'granted';
      return Promise.resolve<NotificationPermission>('granted');
    });
    onclick: (() => void) | null = null;
    constructor(text: string) {
      shown.push(text);
    }
    close() {}
  }
  const end = (fake: FakeUploader) => {
    act(() => {
      fake.set({ uploads: [anUpload({ status: 'ready' }), anUpload({ status: 'ready' })] });
    });
  };
  const begin = () => createFakeUploader({ uploads: [anUpload({ status: 'uploading' })] });

  it('asks at a click into the widget, and tells only while the page is hidden', () => {
    vi.stubGlobal('Notification', FakeNotification);
    const isHidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false);
    const fake = begin();
    show(fake, { notifyWhenReady: true });
    fireEvent.click(document.body);
    expect(FakeNotification.requestPermission).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Pause all' }));
    expect(FakeNotification.requestPermission).toHaveBeenCalledOnce();
    end(fake);
    expect(shown).toEqual([]);
    act(() => {
      fake.set({ uploads: [anUpload({ status: 'uploading' })] });
    });
    isHidden.mockReturnValue(true);
    end(fake);
    expect(shown).toEqual(['2 videos ready']);
    vi.unstubAllGlobals();
  });

  it('asks for nothing where the host has not set it', () => {
    FakeNotification.requestPermission.mockClear();
    FakeNotification.permission = 'default';
    vi.stubGlobal('Notification', FakeNotification);
    show(begin());
    fireEvent.click(screen.getByRole('button', { name: 'Pause all' }));
    expect(FakeNotification.requestPermission).not.toHaveBeenCalled();
    vi.unstubAllGlobals();
  });
});

describe('total', () => {
  it('the total switches to background priority, and retries what failed', () => {
    const fake = createFakeUploader({
      uploads: [
        anUpload({ status: 'uploading' }),
        anUpload({ id: 'f', status: 'failed' }),
        anUpload({ id: 'g', status: 'failed' }),
        // Another account's: only the button of the row starts it over.
        anUpload({ id: 'h', status: 'failed', error: new UploadError('ticket-foreign') }),
      ],
    });
    show(fake);
    fireEvent.click(screen.getByRole('button', { name: 'Limit speed' }));
    expect(screen.getByRole('button', { name: 'Limit speed' }).getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: 'Retry failed' }));
    expect(fake.calls.filter(({ method }) => method === 'retry').map(({ id }) => id)).toEqual(['f', 'g']);
  });
});

describe('long lists', () => {
  it('renders the rows on screen, and any row that the keyboard reaches', () => {
    const uploads = Array.from({ length: 10_000 }, (_none, index) =>
      anUpload({ id: `row-${index}`, status: 'canceled' }),
    );
    show(createFakeUploader({ uploads }));
    const rows = () => document.querySelectorAll<HTMLElement>('[data-vodrop="upload"]');
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]?.getAttribute('aria-setsize')).toBe('10000');
    rows()[0]?.focus();
    fireEvent.keyDown(rows()[0] ?? document.body, { key: 'End' });
    expect((document.activeElement as HTMLElement).dataset.uploadId).toBe('row-9999');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Home' });
    expect((document.activeElement as HTMLElement).dataset.uploadId).toBe('row-0');
  });
});

describe('leaving the page', () => {
  const snapshot = (...args: Parameters<typeof createFakeUploader>) =>
    createFakeUploader(...args).getSnapshot();
  it('asks before the page is left only while sent bytes could not be continued', () => {
    const uploads = [anUpload({ status: 'uploading', sentBytes: 5 })];
    expect(wouldLose(snapshot({ uploads }))).toBe(false);
    expect(wouldLose(snapshot({ uploads, canResumeAfterReload: false }))).toBe(true);
    expect(
      wouldLose(snapshot({ uploads: [anUpload({ status: 'processing' })], canResumeAfterReload: false })),
    ).toBe(false);
    const single = anUpload({ status: 'uploading', sizeBytes: 9e8, sentBytes: 5e8 });
    expect(
      wouldLose(snapshot({ uploads: [single], capabilities: { ...capabilities, singlePutMaxBytes: 1e9 } })),
    ).toBe(true);
  });
});

describe('leaving the page with files that wait', () => {
  const asks = (...uploads: Parameters<typeof anUpload>[0][]) =>
    wouldLose(createFakeUploader({ uploads: uploads.map((upload) => anUpload(upload)) }).getSnapshot());
  const unknown = { sentBytes: 0, partCount: undefined };

  it('asks while a file waits, or is being checked, of which the next visit would know nothing', () => {
    expect(asks({ status: 'uploading', sentBytes: 5 }, { status: 'queued', ...unknown })).toBe(true);
    expect(asks({ status: 'preparing', ...unknown })).toBe(true);
    expect(asks({ status: 'paused', ...unknown })).toBe(true);
  });

  it('does not ask for what is in the journal, for files of other tabs, or before "Start"', () => {
    expect(asks({ status: 'queued', sentBytes: 0, partCount: 7 })).toBe(false);
    expect(asks({ status: 'queued', ...unknown, isResumed: true })).toBe(false);
    expect(asks({ status: 'queued', ...unknown, owner: 'other' })).toBe(false);
    expect(asks({ status: 'queued', ...unknown, isNotStarted: true })).toBe(false);
  });
});

it.each([
  [undefined, true],
  [false, false],
])('with warnOnLeave %s, whether the page asks before it is left is %s', (warnOnLeave, asks) => {
  const uploads = [anUpload({ status: 'queued', sentBytes: 0, partCount: undefined })];
  render(<Uploader uploader={createFakeUploader({ uploads })} warnOnLeave={warnOnLeave} />);
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(asks);
});

describe('dock', () => {
  it('the dock shows the uploads of a provider around the routes only while no list does', async () => {
    const fake = createFakeUploader({ uploads: [anUpload({ status: 'uploading' })] });
    const { rerender } = render(
      <UploaderProvider uploader={fake}>
        <UploaderDock />
      </UploaderProvider>,
    );
    await waitFor(() => {
      expect(text(part('dock'))).toContain('0 of 1 ready');
    });
    rerender(
      <UploaderProvider uploader={fake}>
        <Uploader />
        <UploaderDock />
      </UploaderProvider>,
    );
    expect(document.querySelector('[data-vodrop="dock"]')).toBeNull();
    expect(document.querySelectorAll('[data-vodrop="upload"]')).toHaveLength(1);
  });
});

describe('languages', () => {
  it('loads a language on demand, with its direction; messages of the host replace its words', async () => {
    show(createFakeUploader(), { locale: 'he', messages: { chooseFolder: 'X' } });
    const root = part('uploader');
    expect(root.dataset.wordless).toBe('true');
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'בחירת סרטונים' })).toBeTruthy();
    });
    expect([root.dir, root.lang, root.dataset.wordless]).toEqual(['rtl', 'he', undefined]);
    expect(screen.getByRole('button', { name: 'X' })).toBeTruthy();
  });

  it('stays English, in the direction of the page, where no language is chosen', () => {
    show(createFakeUploader());
    expect([part('uploader').getAttribute('dir'), part('uploader').lang]).toEqual([null, 'en']);
  });
});

it('puts percent and time left into the document title, and removes them at the end', () => {
  vi.useFakeTimers();
  document.title = 'Library';
  const fake = createFakeUploader({
    uploads: [
      anUpload({
        id: 'a',
        status: 'uploading',
        sizeBytes: 100,
        sentBytes: 63,
        bytesPerSecond: 1,
        remainingSeconds: 120,
      }),
    ],
  });
  const { unmount } = show(fake, { progressInTitle: true });
  expect(document.title.replace(/\u00a0/g, ' ')).toMatch(/^63% · .+ left · Library$/);
  document.title = 'Another page';
  act(() => {
    fake.update('a', { sentBytes: 70 });
    vi.advanceTimersByTime(1000);
  });
  expect(document.title).toMatch(/^70% · .* · Another page$/);
  unmount();
  expect(document.title).toBe('Another page');
  vi.useRealTimers();
});

it('a card says that an upload under way is another file of the same name, and still can be continued', () => {
  const fake = createFakeUploader({
    unfinished: [anUnfinishedUpload({ fileName: 'Interview.mp4', canContinue: true })],
    uploads: [anUpload({ id: 'a', fileName: 'Interview.mp4', status: 'preparing' })],
  });
  render(<Uploader uploader={fake} />);
  const card = document.querySelector<HTMLElement>('[data-vodrop="unfinished"]') ?? expect.fail('no card');
  expect(within(card).queryByRole('alert')).toBeNull();
  act(() => {
    fake.update('a', { status: 'uploading' });
  });
  expect(within(card).getByRole('alert').textContent).toBe('This is a different file with the same name.');
  expect(within(card).getByRole('button', { name: 'Continue' })).toBeTruthy();
});

it('a duplicate that the person is asked about can be added all the same', () => {
  const fake = createFakeUploader();
  render(<Uploader uploader={fake} duplicates="ask" />);
  const file = new File(['x'], 'a.mp4');
  const rejection = { file, code: 'duplicate-file', duplicateOf: { id: 'b', fileName: 'b.mp4' } } as const;
  act(() => {
    fake.set({ rejections: [rejection], checkedFileCount: 1 });
  });
  expect(screen.queryByRole('button', { name: 'Add anyway' })).toBeNull();
  act(() => {
    fake.set({ rejections: [{ ...rejection, item: file }] });
  });
  fireEvent.click(screen.getByRole('button', { name: 'Add anyway' }));
  expect(fake.calls).toContainEqual({ method: 'add', files: [file] });
});

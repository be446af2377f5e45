// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, within } from '@testing-library/react';
import { StrictMode, type CSSProperties } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadError, type UploadSnapshot } from '../engine/index.js';
import { anUnfinishedUpload, anUpload, createFakeUploader, type FakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { undoCode } from './stores/undo-code.js';
import { unfinishedCards } from './components/unfinished-uploads.js';
import { dockComponents } from './dock.js';
import { UploadItem, Uploader, UploaderDock, UploaderProvider, type UploaderProps } from './index.js';
import { undoQueueOf } from './stores/undo.js';

beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await unfinishedCards.load();
  await dockComponents.load();
});
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const show = (fake: FakeUploader, props: Partial<UploaderProps> = {}) =>
  render(
    <StrictMode>
      <Uploader {...(props as object)} uploader={fake} />
    </StrictMode>,
  );
const find = (selector: string) => {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
};
const row = (id = 'a') => find(`[data-vodrop="upload"][data-upload-id="${id}"]`);
const button = (name: string, inside = row()) => within(inside).getByRole('button', { name });
const text = (element: Element) => (element.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');
const said = () => text(find('[role="status"]'));
const pass = (ms: number) => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};
const click = (name: string, inside = row()) => {
  const target = button(name, inside);
  act(() => {
    target.focus();
  });
  fireEvent.click(target);
};
const methods = (fake: FakeUploader) => fake.calls.map(({ method }) => method);

const showOne = (parts: Partial<UploadSnapshot> = {}) => {
  const upload = { id: 'a', fileName: 'talk.mp4', sizeBytes: 1e8, sentBytes: 5e7, storedBytes: 5e7 };
  const fake = createFakeUploader({ uploads: [anUpload({ ...upload, status: 'uploading', ...parts })] });
  return { fake, view: show(fake) };
};

describe('canceling with six seconds to undo', () => {
  it('pauses at once, says what will be deleted, and cancels when the time is over', () => {
    const { fake } = showOne();
    click('Cancel');
    expect(methods(fake)).toEqual(['pause']);
    expect(row().dataset.ending).toBe('cancel');
    expect(text(row())).toContain('Canceled50 MB will be deleted in 6 s');
    expect(said()).toBe('Canceled: talk.mp4. Undo: 6 s');
    pass(4000);
    expect(text(row())).toContain('will be deleted in 2 s');
    pass(1999);
    expect(methods(fake)).toEqual(['pause']);
    pass(1);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
    expect(row().dataset.ending).toBeUndefined();
    // The end was announced when it began.
    expect(said()).toBe('Canceled: talk.mp4. Undo: 6 s');
  });

  it('moves the focus to Undo without stopping the clock by that', () => {
    const { fake } = showOne();
    click('Cancel');
    expect(document.activeElement).toBe(button('Undo'));
    pass(6000);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
  });

  it('is ended by the Delete key of the row as well', () => {
    showOne();
    row().focus();
    fireEvent.keyDown(row(), { key: 'Delete' });
    expect(document.activeElement).toBe(button('Undo'));
    // A second press is no second end.
    fireEvent.keyDown(row(), { key: 'Delete' });
    expect(row().dataset.ending).toBe('cancel');
  });

  it('goes on after Undo as before', () => {
    const { fake } = showOne();
    click('Cancel');
    click('Undo');
    pass(60_000);
    expect(methods(fake)).toEqual(['pause', 'resume']);
    expect(row().dataset.status).toBe('uploading');
  });

  it('stays paused after Undo where the person had paused it', () => {
    const { fake } = showOne({ status: 'paused' });
    click('Cancel');
    click('Undo');
    expect(said()).toBe('Restored');
    pass(60_000);
    expect(methods(fake)).toEqual([]);
  });

  const waiting = { status: 'queued', isNotStarted: true, canPause: true, canCancel: true } as const;
  const two = () => createFakeUploader({ uploads: ['a', 'b'].map((id) => anUpload({ id, ...waiting })) });

  it('leaves out what waits for Start and was given up when all others are started, links too', () => {
    const fake = two();
    show(fake);
    click('Cancel');
    expect(methods(fake)).toEqual([]);
    click('Start all', document.body);
    expect(fake.calls.map(({ method, id }) => [method, id])).toEqual([['start', 'b']]);
    expect(row().dataset.ending).toBe('cancel');
    click('Undo');
    pass(60_000);
    expect(methods(fake)).toEqual(['start']);
    expect(button('Start')).not.toBeNull();
  });

  it('holds what waits for Start when the host starts all, and starts it after Undo', () => {
    const fake = two();
    show(fake);
    click('Cancel');
    act(() => {
      fake.start();
    });
    expect(fake.calls.map(({ method, id }) => [method, id])).toEqual([
      ['start', undefined],
      ['pause', 'a'],
    ]);
    expect(row().dataset.ending).toBe('cancel');
    click('Undo');
    pass(60_000);
    expect(methods(fake)).toEqual(['start', 'pause', 'resume']);
  });

  it('is not offered for a start in the dock, which does not count it either', () => {
    const fake = two();
    undoQueueOf(fake).begin('cancel', ['a'], 6000);
    render(
      <UploaderProvider uploader={fake}>
        <UploaderDock />
      </UploaderProvider>,
    );
    click('Show uploads', document.body);
    const shown = [...document.querySelectorAll<HTMLElement>('[data-vodrop="dock-upload"]')];
    expect(shown.map(({ dataset }) => dataset.uploadId)).toEqual(['b']);
  });

  it('is not resumed by "Resume all" of the dock', () => {
    const fake = createFakeUploader({
      uploads: ['a', 'b'].map((id) => anUpload({ id, status: 'paused', canResume: true })),
    });
    undoQueueOf(fake).begin('cancel', ['a'], 6000);
    render(
      <UploaderProvider uploader={fake}>
        <UploaderDock />
      </UploaderProvider>,
    );
    click('Resume all', document.body);
    expect(fake.calls.map(({ method, id }) => [method, id])).toEqual([['resume', 'b']]);
  });

  it.each([
    ['pointer', 'pointerMove', 'pointerLeave'],
    ['focus', 'focus', 'blur'],
  ] as const)('stands still while the %s is on Undo', (_what, come, leave) => {
    const { fake } = showOne();
    click('Cancel');
    pass(3000);
    fireEvent[come](button('Undo'));
    pass(60_000);
    expect(methods(fake)).toEqual(['pause']);
    expect(text(row())).toContain('deleted in 3 s');
    fireEvent[leave](button('Undo'));
    pass(2999);
    expect(methods(fake)).toEqual(['pause']);
    pass(1);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
  });

  it('runs on where the button goes away under the pointer, with a row that is scrolled out of a long list', () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'uploading' })] });
    const list = (isShown: boolean) => (
      <UploaderProvider uploader={fake}>{isShown && <UploadItem id="a" />}</UploaderProvider>
    );
    const { rerender } = render(list(true));
    act(() => {
      undoQueueOf(fake).begin('cancel', ['a'], 6000);
    });
    fireEvent.pointerMove(button('Undo'));
    pass(60_000);
    expect(methods(fake)).toEqual(['pause']);
    rerender(list(false));
    pass(6000);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
  });

  it('stands still while the page is hidden', () => {
    const { fake } = showOne();
    click('Cancel');
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    fireEvent(document, new Event('visibilitychange'));
    pass(60_000);
    expect(methods(fake)).toEqual(['pause']);
    visibility.mockReturnValue('visible');
    fireEvent(document, new Event('visibilitychange'));
    pass(6000);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
    visibility.mockRestore();
  });

  it('is not undone by Escape', () => {
    const { fake } = showOne();
    click('Cancel');
    fireEvent.keyDown(button('Undo'), { key: 'Escape' });
    pass(6000);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
  });

  it('leaves an unfinished upload and cancels nothing when the widget goes away before', () => {
    const { fake, view } = showOne();
    click('Cancel');
    view.unmount();
    pass(60_000);
    expect(methods(fake)).toEqual(['pause']);
  });

  it('forgets the end of an upload that another tab resumes', () => {
    const { fake } = showOne();
    click('Cancel');
    act(() => {
      fake.update('a', { status: 'uploading', canPause: true, canResume: false });
    });
    expect(row().dataset.ending).toBeUndefined();
    pass(60_000);
    expect(methods(fake)).toEqual(['pause']);
  });

  it('forgets the end of an upload that was paused before, too, when another tab resumes it', () => {
    const { fake } = showOne({ status: 'paused' });
    click('Cancel');
    act(() => {
      fake.update('a', { status: 'uploading', canPause: true, canResume: false });
    });
    expect(row().dataset.ending).toBeUndefined();
    pass(60_000);
    expect(methods(fake)).toEqual([]);
  });

  it('counts no more in the total, and Resume all leaves it alone', () => {
    const fake = createFakeUploader({
      uploads: [
        anUpload({ id: 'a', status: 'uploading', sizeBytes: 1e8, sentBytes: 1e6 }),
        anUpload({ id: 'b', status: 'paused', sizeBytes: 1e8, sentBytes: 1e6 }),
      ],
    });
    show(fake);
    click('Cancel');
    pass(500);
    expect(text(find('[data-vodrop="total"]'))).toContain('1 video paused');
    click('Resume all', find('[data-vodrop="total"]'));
    expect(fake.calls.slice(1)).toEqual([{ method: 'resume', id: 'b' }]);
  });

  it.each(['importing', 'preparing', 'paused'] as const)(
    'cancels an import that is %s at once, because the cloud would begin within the time to undo',
    (status) => {
      const { fake } = showOne({ status, source: { type: 'link', host: 'media.example.com' }, sentBytes: 0 });
      click('Cancel');
      expect(methods(fake)).toEqual(['cancel']);
      expect(row().dataset.ending).toBeUndefined();
      expect(said()).toBe('Canceled: talk.mp4');
    },
  );

  it('holds a link back that waits for its turn', () => {
    const { fake } = showOne({ status: 'queued', source: { type: 'link', host: 'media.example.com' } });
    click('Cancel');
    expect(methods(fake)).toEqual(['pause']);
    expect(row().dataset.ending).toBe('cancel');
  });

  it('lasts as long as --vodrop-dur-undo says', () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'uploading', sentBytes: 1 })] });
    show(fake, { style: { '--vodrop-dur-undo': '2s' } as CSSProperties });
    click('Cancel');
    pass(1999);
    expect(methods(fake)).toEqual(['pause']);
    pass(1);
    expect(methods(fake)).toEqual(['pause', 'cancel']);
  });

  it('ends at once where the host wants no undo', () => {
    const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'uploading', sentBytes: 1 })] });
    show(fake, { undo: false });
    click('Cancel');
    expect(methods(fake)).toEqual(['cancel']);
  });
});

describe('what two tabs end at once', () => {
  const channels = new Set<FakeChannel>();
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      channels.add(this);
    }
    postMessage(data: unknown) {
      for (const other of channels) if (other !== this) other.onmessage?.({ data });
    }
    close() {
      channels.delete(this);
    }
  }
  beforeEach(() => {
    vi.stubGlobal('BroadcastChannel', FakeChannel);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each(['cancel', 'remove', 'discard'] as const)(
    'is restored in both by Undo in one of them: %s',
    (kind) => {
      const status = kind === 'remove' ? 'failed' : 'paused';
      const tab = () =>
        createFakeUploader({
          uploads: [anUpload({ id: 'a', status, error: new UploadError('internal') })],
          unfinished: [anUnfinishedUpload({ id: 'a' })],
        });
      const [first, second] = [tab(), tab()];
      undoQueueOf(first).begin(kind, ['a'], 6000);
      pass(1000);
      undoQueueOf(second).begin(kind, ['a'], 6000);
      undoQueueOf(second).undo(['a']);
      pass(10_000);
      expect(methods(first)).toEqual([]);
      expect(methods(second)).toEqual([]);
      expect(channels.size).toBe(0);
    },
  );

  it('goes on where the other tab had paused it for that', () => {
    const tab = (status: 'uploading' | 'paused') =>
      createFakeUploader({ uploads: [anUpload({ id: 'a', status })] });
    const [first, second] = [tab('uploading'), tab('paused')];
    undoQueueOf(first).begin('cancel', ['a'], 6000);
    undoQueueOf(second).begin('cancel', ['a'], 6000);
    undoQueueOf(second).undo(['a']);
    pass(10_000);
    expect(methods(first)).toEqual(['pause', 'resume']);
  });
});

describe('removing with six seconds to undo', () => {
  it('takes a failed row away only when the time is over', () => {
    const { fake } = showOne({ status: 'failed', sentBytes: 0 });
    click('Remove from list');
    expect(text(row())).toContain('Removed from the list6 s');
    pass(6000);
    expect(methods(fake)).toEqual(['remove']);
    expect(said()).toBe('Removed from the list: talk.mp4. Undo: 6 s');
  });

  it('says of a video in the cloud that it stays there', () => {
    showOne({ status: 'processing', sentBytes: 1e8 });
    click('Remove from list');
    expect(text(row())).toContain('Removed from the listit stays in the cloud');
  });

  it('takes away the row of a canceled upload at once, because nothing is lost with it', () => {
    const { fake } = showOne({ status: 'canceled' });
    click('Remove from list');
    expect(methods(fake)).toEqual(['remove']);
  });

  it('is not retried by "Retry failed", which does not count it either', () => {
    const fake = createFakeUploader({
      uploads: ['a', 'b', 'c'].map((id) => anUpload({ id, status: 'failed' })),
    });
    show(fake);
    click('Remove from list');
    click('Retry failed', find('[data-vodrop="total"]'));
    expect(fake.calls).toEqual([
      { method: 'retry', id: 'b' },
      { method: 'retry', id: 'c' },
    ]);
    expect(row().dataset.ending).toBe('remove');
  });

  it('stops the clock of all that one Undo takes back, also of what was removed before the list was cleared', () => {
    const fake = createFakeUploader({
      uploads: ['a', 'b'].map((id) => anUpload({ id, status: 'ready' })),
    });
    show(fake);
    act(() => {
      undoQueueOf(fake).begin('remove', ['b'], 6000);
    });
    const total = find('[data-vodrop="total"]');
    click('Clear list', total);
    fireEvent.pointerMove(button('Undo', total));
    pass(60_000);
    expect(methods(fake)).toEqual([]);
    fireEvent.click(button('Undo', total));
    pass(60_000);
    expect(methods(fake)).toEqual([]);
  });

  it('the list that was cleared comes back by one Undo', () => {
    const fake = createFakeUploader({
      uploads: ['a', 'b'].map((id) => anUpload({ id, status: 'ready' })),
    });
    show(fake);
    const total = find('[data-vodrop="total"]');
    click('Clear list', total);
    expect(document.activeElement).toBe(button('Undo', total));
    pass(3000);
    click('Undo', total);
    pass(60_000);
    expect(methods(fake)).toEqual([]);
    click('Clear list', total);
    pass(6000);
    expect(methods(fake)).toEqual(['remove', 'remove']);
  });
});

it('a long list is cleared in groups, and what is left meanwhile can be taken back', () => {
  const uploads = Array.from({ length: 1000 }, (_, index) =>
    anUpload({ id: `${index}`, status: 'ready', canRemove: true }),
  );
  const fake = createFakeUploader({ uploads });
  show(fake);
  click('Clear list', find('[data-vodrop="total"]'));
  pass(6000);
  expect(fake.calls).toHaveLength(100);
  click('Undo', find('[data-vodrop="total"]'));
  pass(60_000);
  expect(fake.calls).toHaveLength(100);
  click('Clear list', find('[data-vodrop="total"]'));
  pass(60_000);
  expect(new Set(fake.calls.map(({ id }) => id)).size).toBe(1000);
});

describe('discarding unfinished uploads with six seconds to undo', () => {
  const unfinished = (ids: string[]) =>
    createFakeUploader({
      unfinished: ids.map((id) =>
        anUnfinishedUpload({
          id,
          fileName: `${id}.mp4`,
          sizeBytes: 1e8,
          storedBytes: 4e7,
          canContinue: true,
        }),
      ),
    });
  const card = (id: string) => find(`[data-vodrop="unfinished"][data-upload-id="${id}"]`);

  it('discards one when the time is over, and not before', () => {
    const fake = unfinished(['a', 'b']);
    show(fake);
    click('Discard', card('a'));
    expect(text(card('a'))).toContain('40 MB will be deleted in 6 s');
    expect(said()).toBe('Canceled: a.mp4. Undo: 6 s');
    pass(5999);
    expect(methods(fake)).toEqual([]);
    pass(1);
    expect(fake.calls).toEqual([{ method: 'discardUnfinished', id: 'a' }]);
  });

  it('is not continued by "Continue all"', () => {
    const fake = unfinished(['a', 'b', 'c']);
    show(fake);
    click('Discard', card('a'));
    click('Continue all', find('[data-vodrop="unfinished-group"]'));
    expect(fake.calls).toEqual([
      { method: 'continueUnfinished', id: 'b' },
      { method: 'continueUnfinished', id: 'c' },
    ]);
    expect(card('a').dataset.ending).toBe('discard');
  });

  it('discards all of them by the button of the card, with one Undo in its place', () => {
    const fake = unfinished(['a', 'b']);
    show(fake);
    const group = find('[data-vodrop="unfinished-group"]');
    const [discardAll] = within(group).getAllByRole('button', { name: 'Discard' });
    fireEvent.click(discardAll ?? group);
    expect(document.querySelector('[data-vodrop="unfinished"]')).toBeNull();
    expect(text(group)).toContain('2 unfinished uploads80 MB will be deleted in 6 s');
    click('Undo', group);
    pass(60_000);
    expect(methods(fake)).toEqual([]);
    expect(card('a').dataset.ending).toBeUndefined();
  });
});

describe('an end of many whose time is over', () => {
  const ids = Array.from({ length: 250 }, (_, index) => `upload-${index}`);

  /** The first hundred are ended, the others are about to be. */
  const begun = () => {
    const fake = createFakeUploader({ uploads: ids.map((id) => anUpload({ id, status: 'paused' })) });
    const queue = undoQueueOf(fake);
    queue.begin('cancel', ids, 1000);
    vi.advanceTimersByTime(1000);
    expect(fake.calls).toHaveLength(100);
    return { fake, queue };
  };

  it.each<[string, (queue: ReturnType<typeof undoQueueOf>) => void]>([
    ['when the pointer is on its button', (queue) => queue.hold(ids, 'pointer')],
    ['when the page is hidden', (queue) => queue.hold(ids, 'hidden')],
    ['when the widget is gone', (queue) => queue.forgetAll()],
  ])('is carried out for each of them, also %s', (_, disturb) => {
    const { fake, queue } = begun();
    disturb(queue);
    vi.advanceTimersByTime(60_000);
    expect(fake.calls).toEqual(ids.map((id) => ({ method: 'cancel', id })));
    queue.forgetAll();
  });
});

// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UploadError, type UploadSnapshot } from '../engine/index.js';
import { anUpload, createFakeUploader, type FakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { undoCode } from './stores/undo-code.js';
import { Uploader } from './index.js';
import { arrangementOf } from './stores/arrange-rows.js';
import { selectShownIds, type ListOrder } from './stores/list-view.js';

beforeAll(async () => {
  await uploadComponents.load();
  await undoCode.load();
  await import('./components/long-list.js');
});
afterEach(cleanup);

const error = new UploadError('store-refused');
const upload = (index: number, parts: Partial<UploadSnapshot> = {}) =>
  anUpload({ id: `u${index}`, fileName: `C${index}.MP4`, status: 'queued', queuePosition: index, ...parts });
/** Two that move, one that failed, three that are ready, and many that wait. */
const list = (count: number) => {
  const parts: Record<number, Partial<UploadSnapshot>> = {
    0: { status: 'ready', queuePosition: undefined },
    1: { status: 'ready', queuePosition: undefined },
    2: { status: 'uploading', queuePosition: undefined },
    3: { status: 'uploading', queuePosition: undefined },
    4: { status: 'failed', queuePosition: undefined, error },
    5: { status: 'ready', queuePosition: undefined },
  };
  return Array.from({ length: count }, (_none, index) => upload(index, parts[index]));
};
const show = async (count: number): Promise<FakeUploader> => {
  const fake = createFakeUploader({ uploads: list(count) });
  render(<Uploader uploader={fake} />);
  if (count >= 50) await waitFor(() => controls());
  return fake;
};
const controls = () => {
  const found = document.querySelector<HTMLElement>('[data-vodrop="list-controls"]');
  if (!found) throw new Error('no controls');
  return found;
};
const filter = (name: string) =>
  controls().querySelector<HTMLButtonElement>(`[data-filter="${name}"]`) ?? document.createElement('button');
const text = (element: Element) => (element.textContent ?? '').replace(/\s/g, ' ');
const shownIds = () =>
  Array.from(document.querySelectorAll<HTMLElement>('[data-vodrop="upload"]'), (row) => row.dataset.uploadId);

describe('the filters of a long list', () => {
  it('are there from fifty rows on', async () => {
    await show(49);
    expect(document.querySelector('[data-vodrop="list-controls"]')).toBeNull();
    cleanup();
    await show(50);
    expect(Array.from(controls().querySelectorAll('[data-filter]'), text)).toEqual([
      'All 50',
      'Uploading 2',
      'Needs attention 1',
      'Ready 3',
    ]);
  });

  it('show only the rows that pass, say so by a pressed button, and keep the count of what needs attention', async () => {
    await show(60);
    fireEvent.click(filter('ready'));
    expect(filter('ready').getAttribute('aria-pressed')).toBe('true');
    expect(shownIds()).toEqual(['u0', 'u1', 'u5']);
    expect(text(filter('attention'))).toBe('Needs attention 1');
  });

  it('show everything again once nothing passes any more', async () => {
    const fake = await show(50);
    fireEvent.click(filter('attention'));
    expect(shownIds()).toEqual(['u4']);
    act(() => {
      fake.update('u4', { status: 'uploading', error: undefined });
    });
    await waitFor(() => {
      expect(filter('all').getAttribute('aria-pressed')).toBe('true');
    });
    expect(shownIds().length).toBeGreaterThan(1);
  });

  it('move the focus of a row that no longer passes to its neighbor', async () => {
    const fake = await show(50);
    fireEvent.click(filter('ready'));
    const row = document.querySelector<HTMLElement>('[data-upload-id="u1"]');
    act(() => row?.focus());
    act(() => {
      fake.update('u1', { status: 'processing' });
    });
    await waitFor(() => {
      expect(document.activeElement?.getAttribute('data-upload-id')).toBe('u5');
    });
  });

  it('sort by name as people count, and by status with what needs a person first', async () => {
    await show(50);
    const order = within(controls()).getByRole('button', { name: 'Order added' });
    fireEvent.click(order);
    fireEvent.click(within(controls()).getByRole('menuitemcheckbox', { name: 'By status' }));
    expect(shownIds().slice(0, 3)).toEqual(['u4', 'u2', 'u3']);
    fireEvent.click(within(controls()).getByRole('button', { name: 'By status' }));
    fireEvent.click(within(controls()).getByRole('menuitemcheckbox', { name: 'By name' }));
    expect(shownIds().slice(0, 3)).toEqual(['u0', 'u1', 'u2']);
  });
});

describe('the selection of rows', () => {
  const viewOf = (order: ListOrder) =>
    ({ filter: 'all', order, arrange: arrangementOf({ filter: 'all', order }) }) as const;
  const snapshotOf = (uploads: readonly UploadSnapshot[]) => createFakeUploader({ uploads }).getSnapshot();

  it('gives out the same list while ten thousand rows only make progress', () => {
    const select = selectShownIds();
    const view = viewOf('status');
    const uploads = list(10_000);
    const first = select(snapshotOf(uploads), view);
    const next = uploads.map((one) => (one.status === 'uploading' ? { ...one, sentBytes: 5 } : one));
    expect(select(snapshotOf(next), view)).toBe(first);
    expect(first).toHaveLength(10_000);
  });

  it('puts C2 before C10, in every folder', () => {
    const uploads = [
      'b/C2',
      'a/C10',
      'b/C1',
      'a/C2',
      ...Array.from({ length: 50 }, (_none, n) => `z/${n}`),
    ].map((path) => anUpload({ id: path, path: `${path}.mp4`, fileName: `${path.slice(2)}.mp4` }));
    const ids = selectShownIds()(snapshotOf(uploads), viewOf('name'));
    expect(ids.slice(0, 5)).toEqual(['a/C2', 'a/C10', 'b/C1', 'b/C2', 'z/0']);
    expect(ids.at(-1)).toBe('z/49');
  });
});

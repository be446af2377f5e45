// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader } from './index.js';

/** Lets the code for long lists come. */
let deliver = () => {};
const delivered = new Promise<void>((resolve) => {
  deliver = resolve;
});

vi.mock('./components/long-list.js', async (load) => {
  await delivered;
  return load();
});

beforeAll(() => uploadComponents.load());
afterEach(cleanup);

const count = 10_000;
const show = () => {
  const uploads = Array.from({ length: count }, (_none, index) => anUpload({ id: `u${index}` }));
  render(<Uploader uploader={createFakeUploader({ uploads })} />);
};
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-vodrop="upload"]')];
const room = () => document.querySelector('.vd-gap');

it('renders the row that gets the focus also while the code for long lists is missing', () => {
  show();
  const [first] = rows();
  if (!first) throw new Error('no rows');
  act(() => first.focus());
  fireEvent.keyDown(first, { key: 'End' });
  expect(document.activeElement?.getAttribute('data-upload-id')).toBe(`u${count - 1}`);
  expect(rows()).toHaveLength(29);
});

it('renders the first of ten thousand rows until that code is there, and then makes room for the others', async () => {
  show();
  expect(room()).toBeNull();
  expect(rows()).toHaveLength(28);
  const last = rows().at(-1);
  expect([last?.getAttribute('aria-posinset'), last?.getAttribute('aria-setsize')]).toEqual(['28', '10000']);
  deliver();
  await waitFor(() => {
    expect(room()).not.toBeNull();
  });
  expect(rows().length).toBeLessThan(100);
  await waitFor(() => {
    expect(document.querySelector('[data-vodrop="list-controls"]')).not.toBeNull();
  });
});

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
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const count = 10_000;
const uploadsOf = (length: number) => Array.from({ length }, (_none, index) => anUpload({ id: `u${index}` }));
const show = (length = count) => {
  const fake = createFakeUploader({ uploads: uploadsOf(length) });
  render(<Uploader uploader={fake} />);
  return fake;
};
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
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

it('does not take rows away from a list that grows while the code for long lists is missing', () => {
  const fake = show(60);
  expect(rows()).toHaveLength(60);
  act(() => {
    fake.set({ uploads: uploadsOf(61) });
  });
  expect(rows()).toHaveLength(60);
});

it('renders all of some hundred rows where the code for long lists is late', async () => {
  vi.useFakeTimers();
  show(100);
  expect(rows()).toHaveLength(28);
  await pass(2000);
  expect(rows()).toHaveLength(100);
});

it('says that a part is missing where rows of a very long list stay hidden', async () => {
  vi.useFakeTimers();
  show(301);
  await pass(2000);
  expect(rows()).toHaveLength(300);
  await pass(8000);
  expect(document.querySelector('.vd-total .vd-late')?.textContent).toContain('could not be loaded');
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

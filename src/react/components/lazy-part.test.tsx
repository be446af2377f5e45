// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Suspense, type ComponentType } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { UploaderProvider } from '../index.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const text = { what: 'Part of this page could not be loaded.', todo: 'Reload the page.' };
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const show = async (load: () => Promise<ComponentType>, onClose = () => undefined as unknown) => {
  const Part = lazyPart(load);
  const fake = createFakeUploader();
  await act(async () => {
    render(
      <UploaderProvider uploader={fake} messages={{ errors: { 'code-unavailable': text } }}>
        <Suspense fallback={<LateNote onClose={onClose} />}>
          <Part />
        </Suspense>
      </UploaderProvider>,
    );
    await Promise.resolve();
  });
};

it('a part whose file is missing is said to be missing after some seconds, and comes when it can be loaded', async () => {
  let isThere = false;
  await show(() => (isThere ? Promise.resolve(() => <p>the part</p>) : Promise.reject(new TypeError('404'))));
  await pass(7999);
  expect(screen.getByRole('alert').textContent).toBe('');
  await pass(1);
  expect(screen.getByRole('alert').textContent).toContain('could not be loaded');
  isThere = true;
  await pass(30_000);
  expect(screen.getByText('the part')).not.toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a part whose file hangs is said to be missing, and the note can be put away', async () => {
  const onClose = vi.fn();
  await show(() => new Promise(() => undefined), onClose);
  await pass(8000);
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(onClose).toHaveBeenCalledOnce();
});

it('a part that is not there at once is busy, without a word', async () => {
  await show(() => new Promise(() => undefined));
  expect(screen.queryByRole('alert')).toBeNull();
  await pass(400);
  const note = screen.getByRole('alert');
  expect(note.getAttribute('aria-busy')).toBe('true');
  expect(note.textContent).toBe('');
});

it('a missing part is requested at once by "Retry", which keeps the focus while it tries', async () => {
  const load = vi.fn<() => Promise<ComponentType>>().mockRejectedValue(new TypeError('404'));
  await show(load);
  await pass(8000);
  const before = load.mock.calls.length;
  const retry = screen.getByRole('button', { name: 'Retry' });
  retry.focus();
  fireEvent.click(retry);
  await pass(0);
  expect(load.mock.calls.length).toBe(before + 1);
  expect(document.activeElement).toBe(retry);
  expect(screen.getByRole('alert').getAttribute('aria-busy')).toBe('true');
  load.mockResolvedValue(() => <p>the part</p>);
  fireEvent.click(retry);
  await pass(0);
  expect(screen.getByText('the part')).not.toBeNull();
});

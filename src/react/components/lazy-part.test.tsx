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
  expect(screen.queryByRole('alert')).toBeNull();
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

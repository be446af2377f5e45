// @vitest-environment happy-dom
import { act, cleanup } from '@testing-library/react';
import { StrictMode } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import { createFakeUploader } from '../testing/index.js';
import { Uploader } from './index.js';

let root: Root | undefined;
afterEach(() => {
  act(() => {
    root?.unmount();
  });
  cleanup();
  document.body.innerHTML = '';
});

/** As a browser has it: emptied by setting its value to ''. */
function choose(input: HTMLInputElement, files: File[]): void {
  let chosen = files;
  Object.defineProperty(input, 'files', { get: () => chosen });
  Object.defineProperty(input, 'value', {
    get: () => chosen[0]?.name ?? '',
    set: () => {
      chosen = [];
    },
  });
}

async function hydrated(files: File[]) {
  const fake = createFakeUploader();
  const page = (
    <StrictMode>
      <Uploader uploader={fake} />
    </StrictMode>
  );
  const place = document.createElement('div');
  place.innerHTML = renderToString(page);
  document.body.append(place);
  const input = place.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error('no input');
  choose(input, files);
  await act(async () => {
    root = hydrateRoot(place, page);
    await Promise.resolve();
  });
  const added = fake.calls.filter(({ method }) => method === 'add');
  return { input, added: added.map(({ files: given = [] }) => given.map(({ name }) => name)) };
}

it('adds once the files that were chosen before a page that a server has rendered could listen', async () => {
  const { input, added } = await hydrated([new File(['b'], 'b10.mp4'), new File(['a'], 'b9.mp4')]);
  expect(added).toEqual([['b9.mp4', 'b10.mp4']]);
  expect(input.files).toHaveLength(0);
});

it('adds nothing where nothing was chosen before', async () => {
  expect((await hydrated([])).added).toEqual([]);
});

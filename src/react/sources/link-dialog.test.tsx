// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { UploaderRoot } from '../components/uploader-root.js';
import { UploaderProvider } from '../provider.js';
import { LinkDialog } from './link-dialog.js';

afterEach(cleanup);

it.each([
  ['takes away the row of a failed import once another link is in the list', ['new'], 1],
  ['leaves the row of a failed import where the host refuses the other link', [], 0],
])('%s', async (_what, added, removals) => {
  const uploader = createFakeUploader();
  vi.spyOn(uploader, 'addLinks').mockImplementation((_links, { isTrial } = {}) =>
    Promise.resolve({ added: isTrial ? [] : added, rejections: [] }),
  );
  const remove = vi.spyOn(uploader, 'remove').mockReturnValue();
  const onClose = vi.fn();
  render(
    <UploaderProvider uploader={uploader} sources={['link']}>
      <UploaderRoot>
        <LinkDialog text="https://media.example.com/new.mp4" replaces="old" onClose={onClose} />
      </UploaderRoot>
    </UploaderProvider>,
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Add 1 video' }));
  await vi.waitFor(() => {
    expect(uploader.addLinks).toHaveBeenLastCalledWith(['https://media.example.com/new.mp4']);
    expect(onClose).toHaveBeenCalledOnce();
  });
  expect(remove).toHaveBeenCalledTimes(removals);
});

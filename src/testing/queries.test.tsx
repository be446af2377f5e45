// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { Uploader } from '../react/index.js';
import { anUpload, chooseFiles, createFakeUploader, seenButton, seenUpload, seenUploads } from './index.js';

afterEach(cleanup);

it('reads from a row what a person sees, and finds its buttons by name', async () => {
  const uploads = [
    anUpload({ id: 'a', fileName: 'talk.mp4', status: 'paused' }),
    anUpload({ id: 'b', fileName: 'done.mp4', status: 'ready', mediaId: 'm-1' }),
  ];
  const fake = createFakeUploader({ uploads });
  render(<Uploader uploader={fake} />);
  await screen.findAllByRole('listitem');
  expect(seenUploads().map(({ fileName, status }) => [fileName, status])).toEqual([
    ['talk.mp4', 'paused'],
    ['done.mp4', 'ready'],
  ]);
  expect(seenUpload('done.mp4').mediaId).toBe('m-1');
  const talk = seenUpload('talk.mp4');
  expect(talk.text).toContain('Paused');
  expect(talk.buttons).toEqual(['Resume', 'Cancel']);
  act(() => seenButton('Resume', talk).click());
  expect(fake.calls).toContainEqual({ method: 'resume', id: 'a', files: undefined });
});

it('says which uploads and buttons there are when the one asked for is missing', async () => {
  render(<Uploader uploader={createFakeUploader({ uploads: [anUpload({ fileName: 'a.mp4' })] })} />);
  await screen.findAllByRole('listitem');
  expect(() => seenUpload('b.mp4')).toThrow('No upload "b.mp4" is listed; listed are: a.mp4.');
  expect(() => seenButton('Publish')).toThrow(/no button "Publish"; there are: .*Choose videos/);
});

it('gives files to the widget as its dialog does, and makes uploads of the ids that the test gives', async () => {
  const ids = ['first', 'second'];
  const fake = createFakeUploader({}, { newId: () => ids.shift() ?? 'more' });
  render(<Uploader uploader={fake} />);
  await act(async () => chooseFiles([new File(['x'], 'a.mp4', { type: 'video/mp4' })]));
  await screen.findAllByRole('listitem');
  expect(seenUpload('a.mp4').element.dataset.uploadId).toBe('first');
  act(() => fake.update('first', { status: 'ready', mediaId: 'm' }));
  expect(seenUpload('a.mp4').status).toBe('ready');
});

// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef, useState, type ReactNode } from 'react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { UploaderSnapshot } from '../engine/index.js';
import { anUpload, createFakeUploader, type FakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader, type UploaderHandle, type UploaderProps } from './index.js';

beforeAll(() => uploadComponents.load());
afterEach(cleanup);

const uploading = (id: string) => anUpload({ id, status: 'uploading' });
const show = (fake: FakeUploader, props: Partial<UploaderProps> = {}) =>
  render(
    <form aria-label="lesson">
      <Uploader {...(props as object)} uploader={fake} />
      <button type="reset">Reset</button>
    </form>,
  );
const form = () => screen.getByRole<HTMLFormElement>('form');
const submitted = (name: string) => new FormData(form()).getAll(name);
const confirm = (fake: FakeUploader, id: string, mediaId = `media-${id}`) =>
  act(() => fake.update(id, { status: 'ready', mediaId }));

it('submits one entry for each confirmed upload, and none for those under way', () => {
  const fake = createFakeUploader({ uploads: [uploading('a'), uploading('b')] });
  show(fake, { name: 'video' });
  expect(submitted('video')).toEqual([]);
  confirm(fake, 'b');
  expect(submitted('video')).toEqual(['media-b']);
  confirm(fake, 'a');
  expect(submitted('video')).toEqual(['media-b', 'media-a']);
  act(() => fake.update('b', { status: 'failed' }));
  expect(submitted('video')).toEqual(['media-a']);
});

it('does not submit media ids of uploads that another tab makes', () => {
  const fake = createFakeUploader({ uploads: [{ ...uploading('a'), owner: 'other' }] });
  show(fake, { name: 'video' });
  confirm(fake, 'a');
  expect(submitted('video')).toEqual([]);
});

it('calls onChange with all media ids when an upload is confirmed or removed', () => {
  const onChange = vi.fn();
  const fake = createFakeUploader({ uploads: [uploading('a')] });
  show(fake, { onChange });
  expect(onChange).not.toHaveBeenCalled();
  confirm(fake, 'a');
  expect(onChange).toHaveBeenLastCalledWith(['media-a']);
  act(() => fake.remove('a'));
  expect(onChange).toHaveBeenLastCalledWith([]);
  expect(onChange).toHaveBeenCalledTimes(2);
});

it('keeps the media ids that the host gave, and removes the row of an id that the host takes out', () => {
  const fake = createFakeUploader({ uploads: [uploading('a')] });
  let set: (ids: readonly string[]) => void = () => {};
  function Host(): ReactNode {
    const [value, setValue] = useState<readonly string[]>(['old']);
    set = setValue;
    return <Uploader uploader={fake} value={value} onChange={setValue} name="video" />;
  }
  render(
    <form aria-label="lesson">
      <Host />
    </form>,
  );
  expect(submitted('video')).toEqual(['old']);
  confirm(fake, 'a');
  expect(submitted('video')).toEqual(['old', 'media-a']);
  act(() => set(['old']));
  expect(submitted('video')).toEqual(['old']);
  expect(fake.getSnapshot().uploads).toEqual([]);
});

it('is invalid while it is required and there is no media id', () => {
  const fake = createFakeUploader({ uploads: [uploading('a')] });
  show(fake, { required: true });
  expect(form().checkValidity()).toBe(false);
  confirm(fake, 'a');
  expect(form().checkValidity()).toBe(true);
});

it('gives up its uploads and returns to its first value when the form around is reset', () => {
  const fake = createFakeUploader({ uploads: [uploading('a'), uploading('b')] });
  const onChange = vi.fn();
  show(fake, { name: 'video', onChange });
  confirm(fake, 'a');
  fireEvent.reset(form());
  expect(submitted('video')).toEqual([]);
  expect(onChange).toHaveBeenLastCalledWith([]);
  expect(fake.getSnapshot().uploads).toEqual([]);
});

it('submits nothing while it is disabled', () => {
  const fake = createFakeUploader({ uploads: [uploading('a')] });
  show(fake, { name: 'video', disabled: true });
  confirm(fake, 'a');
  expect(submitted('video')).toEqual([]);
});

it('focuses "Choose videos" through its ref, and says when the focus leaves the widget', () => {
  const ref = createRef<UploaderHandle>();
  const onBlur = vi.fn();
  show(createFakeUploader(), { ref, onBlur });
  act(() => ref.current?.focus());
  expect(document.activeElement?.textContent).toBe('Choose videos');
  screen.getByRole('button', { name: 'Choose a folder' }).focus();
  expect(onBlur).not.toHaveBeenCalled();
  screen.getByRole('button', { name: 'Reset' }).focus();
  expect(onBlur).toHaveBeenCalledOnce();
});

it('puts id, data-* and aria-* on the root element', () => {
  const ref = createRef<UploaderHandle>();
  show(createFakeUploader(), { ref, id: 'trailer', 'data-testid': 'up', 'aria-label': 'Trailer' });
  expect(ref.current?.element).toBe(screen.getByRole('group', { name: 'Trailer' }));
  expect(ref.current?.element?.id).toBe('trailer');
  expect(screen.getByTestId('up')).toBe(ref.current?.element);
});

describe('the details dialog in a form of the host', () => {
  async function openDialog(renderDetails: UploaderProps['renderDetails'] = () => <i>own</i>) {
    const fake = createFakeUploader({
      uploads: [anUpload({ id: 'a', status: 'queued', isNotStarted: true, canSetOptions: true })],
      capabilities: { options: ['title'] } as UploaderSnapshot['capabilities'],
    });
    const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
    const warn = vi.spyOn(console, 'error');
    render(
      <form aria-label="lesson" onSubmit={onSubmit}>
        <Uploader uploader={fake} autoStart={false} renderDetails={renderDetails} />
      </form>,
    );
    fireEvent.click(await screen.findByRole('button', { name: 'Edit details' }));
    const dialog = await screen.findByRole('dialog');
    return { fake, onSubmit, warn, dialog, title: screen.getByLabelText('Title') };
  }
  const titleOf = (fake: FakeUploader) => fake.getSnapshot().uploads[0]?.options['title'];

  it('is no form inside that form, of which React and HTML know nothing', async () => {
    const { dialog, warn } = await openDialog();
    expect(dialog.querySelector('form')).toBe(null);
    expect(warn).not.toHaveBeenCalled();
  });

  it('saves by its button without submitting the form of the host', async () => {
    const { fake, onSubmit, title } = await openDialog();
    fireEvent.change(title, { target: { value: 'Harbor' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(titleOf(fake)).toBe('Harbor');
    expect(onSubmit).not.toHaveBeenCalled();
    expect(screen.queryByRole('dialog')).toBe(null);
  });

  it('saves by Enter in a field without submitting the form of the host', async () => {
    const { fake, onSubmit, title } = await openDialog();
    fireEvent.change(title, { target: { value: 'Harbor' } });
    const isUntouched = fireEvent.keyDown(title, { key: 'Enter' });
    expect(isUntouched).toBe(false);
    expect(titleOf(fake)).toBe('Harbor');
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it('leaves an Enter alone that chooses a word of an input method', async () => {
    const { fake, title } = await openDialog();
    fireEvent.change(title, { target: { value: '港' } });
    expect(fireEvent.keyDown(title, { key: 'Enter', isComposing: true })).toBe(true);
    expect(titleOf(fake)).toBe(undefined);
  });

  it("saves by a submit button among the host's own fields without submitting the form of the host", async () => {
    const { fake, onSubmit, title } = await openDialog(() => <button>Apply</button>);
    fireEvent.change(title, { target: { value: 'Harbor' } });
    fireEvent.click(screen.getByRole('button', { name: 'Apply' }));
    expect(titleOf(fake)).toBe('Harbor');
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it("does not save while a field of the host's own is invalid", async () => {
    const { fake, title } = await openDialog(() => <input aria-label="Course" required />);
    fireEvent.change(title, { target: { value: 'Harbor' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(titleOf(fake)).toBe(undefined);
    fireEvent.change(screen.getByLabelText('Course'), { target: { value: 'Physics' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(titleOf(fake)).toBe('Harbor');
  });

  it('adds none of its fields to what the form of the host submits', async () => {
    const { title } = await openDialog();
    fireEvent.change(title, { target: { value: 'Harbor' } });
    expect(title.getAttribute('form')).toBe('');
  });
});

it('counts ready uploads against maxFiles where countReady is set', () => {
  const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status: 'ready' })] });
  const { rerender } = render(<Uploader uploader={fake} maxFiles={1} />);
  const input = () => document.querySelector<HTMLInputElement>('input[type=file]');
  expect(input()?.disabled).toBe(false);
  rerender(<Uploader uploader={fake} maxFiles={1} countReady />);
  expect(input()?.disabled).toBe(true);
});

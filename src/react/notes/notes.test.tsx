// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UploadSnapshot } from '../../engine/index.js';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { undoCode } from '../stores/undo-code.js';
import { Uploader } from '../uploader.js';
import { cut } from './note-text.js';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const noted = (fields: Partial<UploadSnapshot>) => anUpload({ status: 'uploading', ...fields });
const cardOf = () => screen.findByRole('group', { name: /thing.? to know/ }, { timeout: 20_000 });

it('shows one card for all files, one line for each thing to know', async () => {
  const uploader = createFakeUploader({
    uploads: [
      noted({ fileName: 'a.mov', notes: [{ code: 'vertical', width: 1080, height: 1920 }] }),
      noted({
        fileName: 'b.mov',
        notes: [{ code: 'codec', codec: 'hevc', bitDepth: 10 }, { code: 'no-sound' }],
      }),
      noted({ fileName: 'c.mov', notes: [{ code: 'vertical', width: 720, height: 1280 }] }),
      noted({ fileName: 'd.mov' }),
    ],
  });
  render(<Uploader uploader={uploader} />);
  const card = await cardOf();
  expect(within(card).getByRole('heading').textContent).toBe('3 things to know before sending');
  const lines = within(card).getAllByRole('listitem');
  expect(lines.map((line) => line.textContent)).toEqual([
    'No soundb.mov has no audio track.Remove',
    'HEVC, 10 bitNot every browser plays b.mov as it is.',
    'Verticala.mov, c.mov',
  ]);
});

it('says that uploads go on once they do, and not of those that wait to be started', async () => {
  const upload = noted({ status: 'queued', isNotStarted: true, notes: [{ code: 'no-sound' }] });
  const uploader = createFakeUploader({ uploads: [upload] });
  render(<Uploader uploader={uploader} autoStart={false} />);
  const card = await cardOf();
  expect(card.textContent).not.toContain('Uploads go on');
  act(() => {
    uploader.start();
  });
  expect(card.textContent).toContain('Uploads go on');
});

it('says which upload has the same video, and skips it with undo', async () => {
  const uploader = createFakeUploader({
    uploads: [
      noted({
        id: 'twin',
        fileName: 'b.mov',
        notes: [{ code: 'same-video', duplicateOf: { id: 'x', fileName: 'a.mov' } }],
      }),
    ],
  });
  render(<Uploader uploader={uploader} />);
  const card = await cardOf();
  expect(card.textContent).toContain('b.mov is the same video as a.mov.');
  fireEvent.click(within(card).getByRole('button', { name: 'Skip it' }));
  await waitFor(() => {
    expect(screen.queryByRole('group', { name: /thing to know/ })).toBeNull();
  });
  expect(screen.getAllByRole('button', { name: /Undo/ }).length).toBeGreaterThan(0);
});

describe('the focus in the card', () => {
  const silent = (id: string) => noted({ id, fileName: `${id}.mov`, notes: [{ code: 'no-sound' }] });
  const vertical = noted({ id: 'v', fileName: 'v.mov', notes: [{ code: 'vertical', width: 9, height: 16 }] });
  const showFocused = async () => {
    const uploader = createFakeUploader({ uploads: [silent('a'), vertical] });
    render(<Uploader uploader={uploader} />);
    const card = await cardOf();
    const remove = within(card).getByRole('button', { name: 'Remove' });
    remove.focus();
    return { card, remove, removeLine: () => act(() => uploader.set({ uploads: [vertical] })) };
  };

  it('goes to what is next when the line of the focused button goes', async () => {
    const { card, removeLine } = await showFocused();
    removeLine();
    expect(document.activeElement).toBe(within(card).getByRole('button', { name: 'Keep all' }));
  });

  it('is not taken from where the person has gone, when a line goes later', async () => {
    const { remove, removeLine } = await showFocused();
    remove.blur();
    await Promise.resolve();
    removeLine();
    expect(document.activeElement).toBe(document.body);
  });
});

it('loads the undo when a pointer or the focus comes to the card', async () => {
  const load = vi.spyOn(undoCode, 'load');
  render(
    <Uploader
      uploader={createFakeUploader({
        uploads: [noted({ fileName: 'a.mov', notes: [{ code: 'no-sound' }] })],
      })}
    />,
  );
  const card = await cardOf();
  load.mockClear();
  fireEvent.pointerEnter(card);
  expect(load).toHaveBeenCalledTimes(1);
  fireEvent.focus(within(card).getByRole('button', { name: 'Remove' }));
  expect(load).toHaveBeenCalledTimes(2);
  load.mockRestore();
});

it('goes away with "Keep all", and comes back for files that are added later', async () => {
  const first = noted({ fileName: 'a.mov', notes: [{ code: 'no-sound' }] });
  const uploader = createFakeUploader({ uploads: [first] });
  render(<Uploader uploader={uploader} />);
  fireEvent.click(within(await cardOf()).getByRole('button', { name: 'Keep all' }));
  expect(screen.queryByRole('group', { name: /thing to know/ })).toBeNull();
  act(() => {
    uploader.set({ uploads: [first, noted({ fileName: 'b.mov', notes: [{ code: 'no-sound' }] })] });
  });
  expect((await cardOf()).textContent).toContain('b.mov has no audio track.');
});

it('says nothing of sending, and offers no removal, once the cloud has the files', async () => {
  const uploader = createFakeUploader({
    uploads: [anUpload({ status: 'ready', fileName: 'a.mov', notes: [{ code: 'no-sound' }] })],
  });
  render(<Uploader uploader={uploader} />);
  const card = await cardOf();
  expect(within(card).getByRole('heading').textContent).toBe('1 thing to know');
  expect(
    within(card)
      .getAllByRole('button')
      .map((button) => button.textContent),
  ).toEqual(['Keep all']);
});

it('shows the notes in its own words where what the host makes of them throws', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.stubGlobal('reportError', vi.fn());
  const uploader = createFakeUploader({
    uploads: [noted({ fileName: 'a.mov', notes: [{ code: 'no-sound' }] })],
  });
  const slots = { notes: () => expect.fail('of the host') };
  const { container } = render(<Uploader uploader={uploader} slots={slots} />);
  await waitFor(() =>
    expect(container.querySelector('.vd-notes [data-note-code="no-sound"]')).not.toBeNull(),
  );
});

it('shows what the host makes of the notes, and its own words', async () => {
  const uploader = createFakeUploader({
    uploads: [noted({ fileName: 'a.mov', notes: [{ code: 'no-sound' }] })],
  });
  render(
    <Uploader
      uploader={uploader}
      messages={{ notes: { title: '{n} thing to know, says the host' } }}
      slots={{ notes: (uploads) => <p>{uploads.map(({ fileName }) => fileName)} is silent</p> }}
    />,
  );
  expect(await screen.findByText('a.mov is silent', {}, { timeout: 20_000 })).toBeTruthy();
  expect(screen.getByRole('group', { name: '1 thing to know, says the host' })).toBeTruthy();
});

it('marks the row of each file with what is to know of it, also once the card is gone', async () => {
  const uploader = createFakeUploader({
    uploads: [
      noted({
        id: 'a',
        fileName: 'a.mov',
        notes: [{ code: 'vertical', width: 9, height: 16 }, { code: 'no-sound' }],
      }),
      noted({ id: 'b', fileName: 'b.mov' }),
    ],
  });
  render(<Uploader uploader={uploader} />);
  fireEvent.click(within(await cardOf()).getByRole('button', { name: 'Keep all' }));
  const marks = await waitFor(() => {
    const found = document.querySelector('[data-file-name="a.mov"] .vd-marks');
    expect(found?.children).toHaveLength(2);
    return found;
  });
  expect(Array.from(marks?.children ?? [], (mark) => mark.getAttribute('title'))).toEqual([
    'No sound. a.mov has no audio track.',
    'Vertical. a.mov is 9 × 16.',
  ]);
  const row = document.querySelector('[data-file-name="a.mov"]');
  expect(row?.getAttribute('aria-describedby')).toBe('a-status a-notes');
  expect(document.getElementById('a-notes')?.textContent).toBe('No sound, Vertical, ');
  expect(document.querySelector('[data-file-name="b.mov"] .vd-marks')).toBeNull();
});

it('says the same in sentences in the details dialog', async () => {
  const uploader = createFakeUploader({
    uploads: [noted({ fileName: 'a.mov', notes: [{ code: 'codec', codec: 'hevc', bitDepth: 10 }] })],
  });
  render(<Uploader uploader={uploader} renderDetails={() => 'own'} />);
  await cardOf();
  fireEvent.click(screen.getByRole('button', { name: 'Edit details' }));
  await waitFor(() => {
    const list = document.querySelector('[data-vodrop="details"] [data-vodrop="upload-notes"]');
    expect(list?.textContent).toBe('HEVC, 10 bitNot every browser plays a.mov as it is.');
  });
});

it.each([
  [true, 'HEVC, 10 bit: will be transcoded', 'The cloud makes versions of a.mov that browsers play.'],
  [false, 'HEVC, 10 bit', 'Not every browser plays a.mov as it is.'],
  [undefined, 'HEVC, 10 bit', 'Not every browser plays a.mov as it is.'],
])('says of a rare codec what becomes of it, transcodes %s', async (transcodes, title, text) => {
  const uploader = createFakeUploader({
    uploads: [noted({ fileName: 'a.mov', notes: [{ code: 'codec', codec: 'hevc', bitDepth: 10 }] })],
    capabilities: {
      provider: 'fake',
      checksum: 'none',
      singlePutMaxBytes: 0,
      signing: 'ahead',
      canReplace: false,
      transcodes,
    },
  });
  render(<Uploader uploader={uploader} />);
  const card = await cardOf();
  await waitFor(() => {
    expect(within(card).getByRole('listitem').textContent).toBe(title + text);
    expect(document.querySelector('.vd-marks [data-note-code]')?.getAttribute('title')).toBe(
      `${title}. ${text}`,
    );
  });
});

it('cuts long names in their middle', () => {
  expect(cut('clip.mp4')).toBe('clip.mp4');
  expect(cut('DJI_0412_sunrise-ridge_4K60_D-Log.mp4')).toBe('DJI_0412_sunrise-ridge_4K…Log.mp4');
});

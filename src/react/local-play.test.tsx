// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader } from './index.js';

vi.mock('./files/poster-frame.js', () => ({
  posterFrame: () => Promise.resolve({ url: 'blob:poster', durationSeconds: 100 }),
}));
const taken: AbortSignal[] = [];
vi.mock('./files/cover-frame.js', () => ({
  stripFrames: async (
    _file: File,
    { count }: { count: number },
    onFrame: (frame: { seconds: number; url: string }, index: number) => void,
    signal: AbortSignal,
  ) => {
    taken.push(signal);
    for (let index = 0; index < count; index += 1) onFrame({ seconds: index, url: `blob:${index}` }, index);
    await Promise.resolve();
  },
}));

beforeAll(async () => {
  await uploadComponents.load();
  await import('./components/poster-scrub.js');
  await import('./components/upload-player.js');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const file = () => new File(['film'], 'talk.mp4', { type: 'video/mp4' });
const show = (status: 'uploading' | 'queued' | 'paused' | 'canceled') => {
  const fake = createFakeUploader({ uploads: [anUpload({ id: 'a', status, file: file() })] });
  render(<Uploader uploader={fake} />);
  return fake;
};
const poster = () => screen.findByRole('button', { name: 'Play' });

describe('playing the file of this page', () => {
  it.each(['uploading', 'queued', 'paused'] as const)(
    'plays it in the row of an upload that is %s',
    async (status) => {
      show(status);
      fireEvent.click(await poster());
      await waitFor(() => {
        expect(document.querySelector('video')?.getAttribute('src')).toMatch(/^blob:/);
      });
      fireEvent.click(screen.getByRole('button', { name: 'Close player' }));
      expect(document.querySelector('video')?.closest('[hidden]')).not.toBeNull();
    },
  );

  it('offers no player for a canceled upload', async () => {
    show('canceled');
    await waitFor(() => {
      expect(document.querySelector('.vd-poster img')).not.toBeNull();
    });
    expect(screen.queryByRole('button', { name: 'Play' })).toBeNull();
  });
});

describe('scrubbing over a poster', () => {
  const box = { left: 0, width: 80, top: 0, height: 45 } as DOMRect;
  const rest = async (pointerType: string) => {
    show('uploading');
    const target = await poster();
    vi.spyOn(target, 'getBoundingClientRect').mockReturnValue(box);
    fireEvent.pointerMove(target, { pointerType, clientX: 40 });
    return target;
  };

  it('shows the film where the mouse rests, with the time, and destroys the decoding with the pointer', async () => {
    taken.length = 0;
    const target = await rest('mouse');
    await waitFor(() => {
      expect(document.querySelector('.vd-scrub img')?.getAttribute('src')).toBe('blob:5');
    });
    expect(document.querySelector('.vd-scrub')?.textContent).toBe('0:50');
    fireEvent.pointerLeave(target);
    expect(document.querySelector('.vd-scrub')).toBeNull();
    expect(taken.every((signal) => signal.aborted)).toBe(true);
  });

  it.each([
    ['for touch', 'touch', false],
    ['where motion is not wanted', 'mouse', true],
  ])('does not begin %s', async (_why, pointerType, matches) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    vi.spyOn(window, 'matchMedia').mockReturnValue({ matches } as MediaQueryList);
    await rest(pointerType);
    act(() => {
      vi.advanceTimersByTime(1000);
    });
    expect(document.querySelector('.vd-scrub')).toBeNull();
    vi.useRealTimers();
  });
});

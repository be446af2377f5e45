import { takePicture } from './take-picture.js';
import { happens, loadFilm } from './video-length.js';

/** A small picture of a video and its length. */
export interface Frame {
  readonly url: string | undefined;
  /** What `url` shows. */
  readonly picture?: Blob | undefined;
  readonly durationSeconds: number | undefined;
}

const giveUpMs = 8000;
/** Twice the well of a row, for dense screens; tiles are three to four times as wide. */
const sizes = { row: { width: 160, height: 90 }, tile: { width: 480, height: 270 } };
type Size = keyof typeof sizes;

const known = {
  row: new WeakMap<File, Promise<Frame | undefined>>(),
  tile: new WeakMap<File, Promise<Frame | undefined>>(),
};
let queue: Promise<unknown> = Promise.resolve();

/**
 * Takes one frame of a local video with a `<video>` element and a canvas. One file at a time, so that a list of a
 * thousand does not open a thousand decoders. Undefined when the browser cannot play it.
 */
export function posterFrame(file: File, isLarge = false): Promise<Frame | undefined> {
  const size = isLarge ? 'tile' : 'row';
  const asked = known[size].get(file);
  if (asked) return asked;
  const answer = queue.then(() => grab(file, size)).catch(() => undefined);
  queue = answer;
  known[size].set(file, answer);
  return answer;
}

async function grab(file: File, size: Size): Promise<Frame | undefined> {
  // Only the attempt shows what the browser can play: Chromium plays the .mov files of phones, whose type it denies in
  // `canPlayType`.
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  const signal = AbortSignal.timeout(giveUpMs);
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    video.src = url;
    const { begins, seconds: durationSeconds } = await loadFilm(video, file, signal);
    // The first frame is often black.
    video.currentTime = begins + Math.min(1, (durationSeconds ?? 0) / 4);
    await happens(video, 'seeked', signal);
    const canvas = draw(video, size);
    const taken = canvas && (await takePicture(canvas, file, 0.8));
    return { url: taken?.url, picture: taken?.picture, durationSeconds };
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

function draw(video: HTMLVideoElement, size: Size): HTMLCanvasElement | undefined {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, sizes[size]);
  const context = canvas.getContext('2d');
  if (!context || !video.videoWidth) return undefined;
  const cover = Math.max(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
  const [width, height] = [video.videoWidth * cover, video.videoHeight * cover];
  context.drawImage(video, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  return canvas;
}

import { takePicture } from './take-picture.js';
import { happens, loadFilm } from './video-length.js';

/** Pictures along a video, for the strip below it. */
export interface StripFrame {
  readonly seconds: number;
  readonly url: string;
}

export interface StripOptions {
  readonly count: number;
  /** Where it is known: players under load state another one of an MP4 that begins late. */
  readonly durationSeconds?: number | undefined;
}

const stripHeightPx = 88;

/**
 * Takes `count` small frames, evenly along the video, and tells each as it comes. Uses an element of its own, so that
 * the one on screen is not moved.
 */
export async function stripFrames(
  file: File,
  { count, durationSeconds }: StripOptions,
  onFrame: (frame: StripFrame, index: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  try {
    video.muted = true;
    video.preload = 'auto';
    video.src = url;
    const { begins, seconds } = await loadFilm(video, file, signal);
    const length = durationSeconds ?? seconds ?? 0;
    for (let index = 0; index < count && !signal.aborted; index += 1) {
      const at = (length * (index + 0.5)) / count;
      video.currentTime = begins + at;
      await happens(video, 'seeked', signal);
      const canvas = draw(video, stripHeightPx * (video.videoWidth / video.videoHeight), stripHeightPx);
      const taken = canvas && (await takePicture(canvas, file, 0.7));
      if (taken) onFrame({ seconds: at, url: taken.url }, index);
    }
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

export interface CoverFrameOptions {
  contentTypes: readonly string[];
  maxSizeBytes?: number | undefined;
  /** Without extension. */
  name: string;
}

const qualities = [0.92, 0.8, 0.6, 0.4];

/** The frame on screen as a picture file of a type and size that the service takes; undefined when there is none. */
export async function coverFrame(
  video: HTMLVideoElement,
  { contentTypes, maxSizeBytes = Infinity, name }: CoverFrameOptions,
): Promise<File | undefined> {
  const type =
    ['image/jpeg', 'image/png', 'image/webp'].find((known) => contentTypes.includes(known)) ?? 'image/jpeg';
  const canvas = draw(video, video.videoWidth, video.videoHeight);
  if (!canvas) return undefined;
  for (const quality of qualities) {
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, type, quality);
    });
    // Browsers that cannot write a type give a PNG instead.
    if (blob && blob.size <= maxSizeBytes)
      return new File([blob], `${name}.${extensionOf[blob.type] ?? 'png'}`, { type: blob.type });
  }
  return undefined;
}

const extensionOf: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };

function draw(video: HTMLVideoElement, width: number, height: number): HTMLCanvasElement | undefined {
  if (!video.videoWidth) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

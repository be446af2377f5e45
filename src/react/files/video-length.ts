const timeoutMs = 3000;

/**
 * The length of a loaded video in seconds. Recordings often state none (`MediaRecorder` writes it nowhere): browsers
 * report `Infinity` then, and find the length by seeking past the end. Undefined when that does not help either.
 * https://crbug.com/642012
 */
async function videoLength(video: HTMLVideoElement): Promise<number | undefined> {
  if (video.duration === Infinity) {
    const isFound = new Promise<void>((resolve) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const look = () => {
        if (Number.isFinite(video.duration)) resolve();
      };
      video.addEventListener('durationchange', look, { signal });
      video.addEventListener('seeked', () => resolve(), { signal });
      signal.addEventListener('abort', () => resolve());
    });
    video.currentTime = Number.MAX_SAFE_INTEGER;
    await isFound;
  }
  return Number.isFinite(video.duration) ? video.duration : undefined;
}

/** A film on the clock of the player. */
export interface FilmSpan {
  readonly begins: number;
  /** Its length; undefined where the browser does not find it. */
  readonly seconds: number | undefined;
}

/** Waits until the first frame is there. */
export async function loadFilm(video: HTMLVideoElement, file: File, signal: AbortSignal): Promise<FilmSpan> {
  await happens(video, 'loadedmetadata', signal);
  const stated = video.duration;
  await happens(video, 'loadeddata', signal);
  return spanOf(video, file, stated);
}

/**
 * Chromium plays by the time stamps of a film, which may begin at any hour, and goes to the first by itself. Of MP4 it
 * states the length, of others the end, and of MP4 that begins late another one as soon as it has read the first frame.
 */
export async function spanOf(
  video: HTMLVideoElement,
  { type }: File,
  statedSeconds: number,
): Promise<FilmSpan> {
  const begins = video.currentTime;
  const isStated = Number.isFinite(statedSeconds);
  const ends = isStated ? statedSeconds : await videoLength(video);
  const isLength = ends === undefined || ends <= begins || (isStated && /mp4|quicktime/.test(type));
  return { begins, seconds: isLength ? ends : ends - begins };
}

export function happens(target: EventTarget, type: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      reject(new Error(`no ${type}`));
    };
    target.addEventListener(
      type,
      () => {
        resolve();
      },
      { once: true },
    );
    target.addEventListener('error', fail, { once: true });
    signal.addEventListener('abort', fail, { once: true });
  });
}

const timeoutMs = 3000;

/**
 * The length of a loaded video in seconds. Recordings often state none (`MediaRecorder` writes it nowhere): browsers
 * report `Infinity` then, and find the length by seeking past the end. Undefined when that does not help either.
 * https://crbug.com/642012
 */
export async function videoLength(video: HTMLVideoElement): Promise<number | undefined> {
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

import type { MediaProbe } from '../types.js';

/** Headers that take longer to read are on a sleeping disk, or do not exist. */
const timeoutMs = 8_000;

/**
 * Reads duration, size, rotation and codecs from a file's headers, without decoding it. `undefined` where nothing can
 * be read: containers that the library does not know, broken files. The library is loaded on first use.
 */
export async function probeMedia(file: File): Promise<MediaProbe | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([read(file), timeout]);
  } catch {
    // A file that cannot be probed is not rejected: the service decides.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function read(file: File): Promise<MediaProbe | undefined> {
  const { ALL_FORMATS, BlobSource, Input } = await import('mediabunny');
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    if (!(await input.canRead())) return undefined;
    const [video, audio, duration] = await Promise.all([
      input.getPrimaryVideoTrack(),
      input.getPrimaryAudioTrack(),
      input.getDurationFromMetadata(),
    ]);
    const [width, height, rotation, videoCodec, audioCodec] = await Promise.all([
      video?.getDisplayWidth(),
      video?.getDisplayHeight(),
      video?.getRotation(),
      video?.getCodec(),
      audio?.getCodec(),
    ]);
    const durationSeconds = duration ?? (await input.computeDuration());
    return {
      durationSeconds: durationSeconds > 0 && Number.isFinite(durationSeconds) ? durationSeconds : undefined,
      width: width || undefined,
      height: height || undefined,
      rotation: rotation || undefined,
      videoCodec: videoCodec ?? undefined,
      audioCodec: audioCodec ?? undefined,
    };
  } finally {
    input.dispose();
  }
}

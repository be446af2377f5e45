import type { MediaProbe } from '../types.js';
import { readMp4Headers } from './mp4-headers.js';

export { checkHeaders } from './check-headers.js';

/** Headers that take longer to read are on a sleeping disk, or do not exist. */
const timeoutMs = 8_000;

/**
 * Reads duration, size, rotation and codecs from a file's headers, without decoding it. `undefined` where nothing can
 * be read: containers that are not known, broken files. MP4 and QuickTime, which is what cameras and phones write, need
 * no library; for the others it is loaded on first use.
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
  // What it cannot read, the library may.
  const known = await readMp4Headers(file).catch(() => undefined);
  return known ?? (await import('./read-headers.js')).readHeaders(file);
}

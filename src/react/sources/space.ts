/** About what is written in a minute, and once more when the recording becomes one file. */
const bytesPerMinute = 2 * 45e6;

/** Below this nothing is begun. */
export const noSpaceMinutes = 0.25;
/** Below this the person is told. */
export const tightMinutes = 10;

/** How much more can be recorded, by what the browser says it gives; `Infinity` where it does not say. */
export async function minutesLeft(): Promise<number> {
  try {
    const { quota, usage = 0 } = await navigator.storage.estimate();
    return quota === undefined ? Infinity : (quota - usage) / bytesPerMinute;
  } catch {
    return Infinity;
  }
}

import type { MediaProbe, Rejection, RejectionCode, Restrictions } from '../types.js';

/** Rejects a file by its headers. What they do not say is not a reason to reject it. In the chunk that reads them. */
export function checkHeaders(
  file: File,
  { durationSeconds, width, height, videoCodec }: MediaProbe,
  restrictions: Restrictions,
): Rejection | undefined {
  const { minDurationSeconds, maxDurationSeconds, minResolution, maxResolution, videoCodecs } = restrictions;
  const resolution = width !== undefined && height !== undefined ? Math.min(width, height) : undefined;
  const limits: [RejectionCode, number | undefined, number | undefined, boolean][] = [
    ['duration-too-long', durationSeconds, maxDurationSeconds, true],
    ['duration-too-short', durationSeconds, minDurationSeconds, false],
    ['resolution-too-high', resolution, maxResolution, true],
    ['resolution-too-low', resolution, minResolution, false],
  ];
  for (const [code, actual, limit, isMaximum] of limits) {
    if (actual === undefined || limit === undefined) continue;
    if (isMaximum ? actual > limit : actual < limit) return { file, code, limit, actual };
  }
  return videoCodecs && videoCodec && !videoCodecs.includes(videoCodec)
    ? { file, code: 'codec-not-accepted', message: videoCodec, accepted: videoCodecs }
    : undefined;
}

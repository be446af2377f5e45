import type { Restrictions } from './types.js';

/** Whether anything is asked that only the headers tell. */
export function needsProbe({
  minDurationSeconds,
  maxDurationSeconds,
  minResolution,
  maxResolution,
  videoCodecs,
  validate,
}: Restrictions): boolean {
  return [minDurationSeconds, maxDurationSeconds, minResolution, maxResolution, videoCodecs, validate].some(
    (rule) => rule !== undefined,
  );
}

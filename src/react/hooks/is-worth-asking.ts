import type { UploadSnapshot } from '../../engine/index.js';

/** Whether a loss is worth a question depends on how long sending the bytes again takes. */
const askFromSeconds = 300;
/** Where nothing can be undone. */
const askFromSecondsWithoutUndo = 60;
/** While the speed of the line is not known. */
const assumedBytesPerSecond = 1_700_000;

/**
 * Whether giving up this much needs a confirmation, also where it can be undone. Used where one upload is given up;
 * giving up all at once always asks when anything was sent.
 */
export function isWorthAsking(
  bytes: number,
  { bytesPerSecond, hasUndo }: { bytesPerSecond?: number | undefined; hasUndo: boolean },
): boolean {
  const seconds = bytes / (bytesPerSecond ?? assumedBytesPerSecond);
  return seconds > (hasUndo ? askFromSeconds : askFromSecondsWithoutUndo);
}

/** `wait`: it can be taken back for a while. */
export function howToCancel(
  { source, status, sentBytes, bytesPerSecond }: UploadSnapshot,
  hasUndo: boolean,
): 'now' | 'ask' | 'wait' {
  // A cloud stops what it fetches only before it begins, and no pause holds it back.
  if (source && status !== 'queued') return 'now';
  // What is being confirmed cannot be paused: to wait would be too late.
  if (hasUndo && status === 'confirming') return 'ask';
  return isWorthAsking(sentBytes, { bytesPerSecond, hasUndo }) ? 'ask' : 'wait';
}

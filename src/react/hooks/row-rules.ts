import type { UploadSnapshot } from '../../engine/index.js';
import { wholePercent } from '../format/index.js';

/** What the first button of a row does. It is one element throughout, so focus stays while the verb changes. */
export type Verb = 'start' | 'pause' | 'resume' | 'retry' | 'play';

/** Which verb a row offers; failed rows have theirs among the sentences. */
export function verbOf(upload: UploadSnapshot, isPlayable: boolean): Verb | undefined {
  if (upload.isNotStarted) return 'start';
  if (upload.status === 'failed') return undefined;
  if (upload.status === 'ready') return isPlayable ? 'play' : undefined;
  if (upload.status === 'canceled') return upload.canRetry ? 'retry' : undefined;
  if (upload.canPause) return 'pause';
  return upload.canResume ? 'resume' : undefined;
}

/** What the last button does: give up while it runs, take the row away once it has ended. */
export function endOf(upload: UploadSnapshot): 'cancel' | 'remove' | undefined {
  if (upload.canCancel) return 'cancel';
  return upload.canRemove ? 'remove' : undefined;
}

/** It may be prepared already, but others are sent first. */
export function isInLine({ isNotStarted, queuePosition }: UploadSnapshot): boolean {
  return !isNotStarted && queuePosition !== undefined;
}

const movingStatuses: ReadonlySet<string> = new Set(['preparing', 'uploading', 'importing', 'confirming']);

/** Its bytes move now, or are checked. */
export function isMoving(upload: UploadSnapshot): boolean {
  const { status } = upload;
  return movingStatuses.has(status) && !isInLine(upload);
}

/**
 * The bytes that numbers tell of: those that are stored, which no pause and no broken line takes back. A file of one
 * part is stored as a whole at its end, so while it moves there is only what is on its way.
 */
export function countedBytes({
  status,
  partCount,
  sentBytes,
  storedBytes = sentBytes,
  finishingParts,
}: UploadSnapshot): number {
  return partCount === 1 && (status === 'uploading' || finishingParts) ? sentBytes : storedBytes;
}

/** How much of an import the cloud has, from 0 to 1, as far as it says so. */
export function pulledOf({ status, importing }: UploadSnapshot): number {
  if (status === 'importing') return (importing?.percent ?? 0) / 100;
  return ['confirming', 'processing', 'ready'].includes(status) ? 1 : 0;
}

/** Whether the page can be closed without a loss: what is stored stays, and the next visit opens the file by itself. */
export function isSafeToClose(upload: UploadSnapshot): boolean {
  const { status, owner, isFileKept = false, partCount = 1, waiting } = upload;
  const isOpen = (status === 'uploading' && waiting?.for !== 'file') || status === 'paused';
  // A file of one part begins anew.
  return isOpen && owner === 'this' && isFileKept && partCount > 1 && countedBytes(upload) > 0;
}

/** The whole percent of a row, where there is one to show. */
export function percentOf(upload: UploadSnapshot): number | undefined {
  const { status, checkedBytes, sizeBytes, importing } = upload;
  if (isInLine(upload)) return undefined;
  switch (status) {
    case 'preparing':
      return upload.source ? undefined : wholePercent(checkedBytes, sizeBytes);
    case 'uploading':
    case 'paused':
      return wholePercent(countedBytes(upload), sizeBytes);
    case 'importing':
      return importing?.percent === undefined ? undefined : wholePercent(importing.percent, 100);
    case 'queued':
    case 'confirming':
    case 'processing':
    case 'ready':
    case 'failed':
    case 'canceled':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** The folders of a file below what was dropped or chosen; undefined for a file given by itself. */
export function folderOf({ path }: UploadSnapshot): string | undefined {
  const end = path?.lastIndexOf('/') ?? -1;
  return end > 0 ? path?.slice(0, end) : undefined;
}

/** The first address that a bare `<video>` can play, best first; undefined when all need a player of their own. */
export function playableUrl({ media }: UploadSnapshot): string | undefined {
  return (
    media?.playUrls?.find(({ format }) => nativeFormats.has(format))?.url ??
    media?.playUrls?.find(({ format }) => format === 'hls' && playsHls())?.url
  );
}

const nativeFormats: ReadonlySet<string> = new Set(['mp4', 'webm', 'mov', 'mp3', 'm4a', 'ogg']);

function playsHls(): boolean {
  return (
    typeof document !== 'undefined' &&
    document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''
  );
}

import type { VodStatus } from '../../../vendors/alibaba-vod.js';
import type { TimelineStep, Video } from './media.js';

export interface Processing {
  processingMs: number;
  transcoding: 'always' | 'none';
  /** Final status if not success. */
  forcedStatus?: VodStatus;
}

/** Playable without transcoding ("Basic structures", status `UploadSucc`). */
const playable = ['mp4', 'flv', 'm3u8', 'mp3', 'webm'];

/** The states of a stored video with their times: planned once and read against the clock, without timers. */
export function planTimeline(
  fileName: string,
  { processingMs, transcoding, forcedStatus }: Processing,
): TimelineStep[] {
  const first: TimelineStep = { afterMs: 0, status: transcoding === 'always' ? 'Transcoding' : 'UploadSucc' };
  if (forcedStatus !== undefined) return [first, { afterMs: processingMs, status: forcedStatus }];
  const isPlayable =
    transcoding === 'always' || playable.includes(fileName.split('.').at(-1)?.toLowerCase() ?? '');
  return isPlayable ? [first, { afterMs: processingMs, status: 'Normal' }] : [first];
}

export function statusAt({ storedAt, timeline }: Video, nowMs: number): VodStatus {
  if (storedAt === undefined) return 'Uploading';
  return timeline.findLast(({ afterMs }) => nowMs - storedAt >= afterMs)?.status ?? 'UploadSucc';
}

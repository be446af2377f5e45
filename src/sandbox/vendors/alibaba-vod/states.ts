import type { VodStatus } from '../../../vendors/alibaba-vod.js';
import type { TimelineStep, Video } from './media.js';

export interface Processing {
  processingMs: number;
  transcoding: 'always' | 'none';
  /** Where to end instead of succeeding. */
  forcedStatus?: VodStatus;
}

/** Playable as they are, where nothing is transcoded ("Basic structures", status `UploadSucc`). */
const playable = ['mp4', 'flv', 'm3u8', 'mp3', 'webm'];

/** What happens to a video once its bytes are whole, and when: a plan made once, read against the clock, so that nothing needs a timer. */
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

import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { beforeIn } from './snapshot-index.js';

/** What happened to one upload between two snapshots. */
export type UploadEvent = {
  readonly type: 'start' | 'progress' | 'paused' | 'resumed' | 'confirmed' | 'ready' | 'failed' | 'canceled';
  readonly upload: UploadSnapshot;
};

/** Tells, in the order of the list, what changed from one snapshot to the next. */
export function diffUploads(previous: UploaderSnapshot, next: UploaderSnapshot): UploadEvent[] {
  if (previous.uploads === next.uploads) return [];
  const events: UploadEvent[] = [];
  const beforeOf = beforeIn(previous);
  next.uploads.forEach((upload, index) => {
    const before = beforeOf(upload, index);
    if (before !== upload) for (const type of eventsOf(before, upload)) events.push({ type, upload });
  });
  return events;
}

const started: ReadonlySet<string> = new Set(['preparing', 'uploading']);
const confirmed: ReadonlySet<string> = new Set(['processing', 'ready']);
const ends: ReadonlySet<string> = new Set(['ready', 'failed', 'canceled']);

function eventsOf(before: UploadSnapshot | undefined, now: UploadSnapshot): UploadEvent['type'][] {
  const events: UploadEvent['type'][] = [];
  const from = before?.status ?? 'queued';
  if (started.has(now.status) && (from === 'queued' || from === 'failed' || from === 'canceled'))
    events.push('start');
  if (now.sentBytes !== (before?.sentBytes ?? 0) && now.status === 'uploading') events.push('progress');
  if (confirmed.has(now.status) && !confirmed.has(from)) events.push('confirmed');
  if (now.status === from) return events;
  if (ends.has(now.status)) events.push(now.status as 'ready' | 'failed' | 'canceled');
  // Of rows that were there already: what an earlier visit has paused comes paused.
  if (before && now.status === 'paused') events.push('paused');
  if (from === 'paused' && !ends.has(now.status)) events.push('resumed');
  return events;
}

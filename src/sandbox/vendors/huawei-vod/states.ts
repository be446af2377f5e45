import { audioTypes, type AssetStatus } from '../../../vendors/huawei-vod.js';
import type { Asset, TimelineStep } from './assets.js';

export interface Processing {
  processingMs: number;
  /** Whether the uploaded file is stored. */
  hasObject: boolean;
  transcodesAlways: boolean;
  /** Final status if not success. */
  forcedStatus?: AssetStatus;
}

/**
 * The states of a confirmed asset with their times ("Querying Media Asset Information", `status`): planned once and
 * read against the clock, without timers.
 */
export function planTimeline(asset: Asset, processing: Processing): TimelineStep[] {
  const { processingMs, forcedStatus } = processing;
  const at = (fraction: number, status: AssetStatus): TimelineStep => ({
    afterMs: Math.round(processingMs * fraction),
    status,
  });
  // A confirm without a file is accepted at first; the documentation does not say when the vendor notices.
  if (!processing.hasObject) return [at(0, 'CREATING'), at(1, 'UPLOAD_FAILED')];
  const isTranscoded = wantsTranscoding(asset, processing);
  const start = isTranscoded ? [at(0, 'WAITING_TRANSCODE'), at(0.25, 'TRANSCODING')] : [at(0, 'CREATED')];
  if (forcedStatus !== undefined) return [...start, at(1, forcedStatus)];
  if (isTranscoded)
    return [
      ...start,
      at(asset.isAutoPublished ? 0.9 : 1, 'TRANSCODE_SUCCEED'),
      ...(asset.isAutoPublished ? [at(1, 'PUBLISHED')] : []),
    ];
  return [...start, ...(asset.isAutoPublished ? [at(1, 'PUBLISHED')] : [])];
}

export function statusAt(asset: Asset, nowMs: number): AssetStatus {
  const { phase } = asset;
  switch (phase.kind) {
    case 'uploading':
      return 'CREATING';
    case 'failed':
      return 'UPLOAD_FAILED';
    case 'cancelled':
      return 'CANCELLED';
    case 'deleted':
      return 'DELETED';
    case 'confirmed':
      return phase.timeline.findLast((step) => nowMs - phase.at >= step.afterMs)?.status ?? 'CREATING';
  }
}

/** `transcode_status` of the details, which have no overall status. */
export function transcodeStatusAt(asset: Asset, nowMs: number): string {
  const { phase } = asset;
  if (phase.kind !== 'confirmed') return 'UN_TRANSCODE';
  const passed = phase.timeline.filter((step) => nowMs - phase.at >= step.afterMs).map((step) => step.status);
  return passed.findLast((status) => status.includes('TRANSCOD')) ?? 'UN_TRANSCODE';
}

export function isPlayable(status: AssetStatus): boolean {
  return status === 'PUBLISHED' || status === 'TRANSCODE_SUCCEED';
}

/** Audio cannot be transcoded. */
function wantsTranscoding(asset: Asset, { transcodesAlways }: Processing): boolean {
  const isAudio = (audioTypes as readonly string[]).includes(asset.videoType);
  return !isAudio && (transcodesAlways || asset.wantsTranscoding);
}

import type { VodStatus } from '../../../vendors/alibaba-vod.js';
import type { FaultEffect } from '../../faults.js';
import type { StoredObject } from '../../store/object-store.js';
import type { Vod } from './call.js';
import { announceStored } from './events.js';
import { planTimeline } from './states.js';

/** The store notifies VOD: the API has no call that confirms an upload. */
export function noteStored(vod: Vod, { bucket, key, sizeBytes }: StoredObject, effect: FaultEffect): void {
  const medium = vod.media.byObject(bucket, key);
  if (!medium) return;
  const { context, settings } = vod;
  medium.storedAt = context.now();
  medium.modifiedAt = context.now();
  if (medium.kind !== 'video') return;
  const forced = (effect.mediaStatus as VodStatus | undefined) ?? settings.mediaStatus ?? undefined;
  medium.timeline = planTimeline(medium.fileName, {
    processingMs: context.processingMs,
    transcoding: settings.transcoding,
    forcedStatus: forced,
  });
  announceStored(vod, medium, sizeBytes);
}

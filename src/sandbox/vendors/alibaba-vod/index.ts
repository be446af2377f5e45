import type { VodStatus } from '../../../vendors/alibaba-vod.js';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import type { Service } from '../../service.js';
import type { StoredObject } from '../../store/object-store.js';
import { createOss } from '../oss/index.js';
import { provider, type Vod } from './call.js';
import { createControlPlane } from './control-plane.js';
import { createDelivery } from './delivery.js';
import { MediaList } from './media.js';
import type { AlibabaAccount, AlibabaSettings } from './settings.js';
import { announceStored } from './events.js';
import { planTimeline } from './states.js';
import { StsDesk } from './sts.js';

export {
  defaultAlibabaSettings,
  sandboxAlibabaAccount,
  type AlibabaAccount,
  type AlibabaSettings,
} from './settings.js';

/** ApsaraVideo VOD with its OSS bucket and its delivery network. */
export function createAlibabaVod(
  context: SandboxContext,
  account: AlibabaAccount,
  settings: AlibabaSettings,
): Service[] {
  const bucket = `outin-sandbox-${account.region}`;
  context.store.createBucket(bucket, provider);
  const sts = new StsDesk(account, settings, context.now);
  const vod: Vod = { context, account, settings, bucket, sts, media: new MediaList() };
  const oss = createOss(context, {
    region: account.region,
    provider,
    findKey: (accessKeyId) => sts.find(accessKeyId),
    bucketOfKey: (key) => (vod.media.byObject(bucket, key) ? bucket : undefined),
    isToken: (token) => sts.isToken(token),
    expiredKeyCode: () => settings.expiredKeyCode,
    onStored: (object, effect) => {
      noteStored(vod, object, effect);
    },
  });
  return [createControlPlane(vod), createDelivery(vod), oss];
}

/** The store notifies VOD: the API has no call that confirms an upload. */
function noteStored(vod: Vod, { bucket, key, sizeBytes }: StoredObject, effect: FaultEffect): void {
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

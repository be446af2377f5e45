import type { SandboxContext } from '../../context.js';
import type { Service } from '../../service.js';
import { createOss } from '../oss/index.js';
import { PullDesk } from '../../pulls/pulls.js';
import { provider, type Vod } from './call.js';
import { createControlPlane } from './control-plane.js';
import { createDelivery } from './delivery.js';
import { MediaList } from './media.js';
import type { AlibabaAccount, AlibabaSettings } from './settings.js';
import { noteStored } from './note-stored.js';
import { StsDesk } from './sts.js';
import { UrlJobs } from './url-jobs.js';

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
  const vod: Vod = {
    context,
    account,
    settings,
    bucket,
    sts,
    media: new MediaList(),
    jobs: new UrlJobs(),
    pulls: new PullDesk(context),
  };
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

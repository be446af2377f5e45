import type { SandboxContext } from '../../context.js';
import { PullDesk } from '../../pulls/pulls.js';
import type { Service } from '../../service.js';
import { createCos, type CosGrant } from '../cos/index.js';
import type { TencentAccount } from './account.js';
import { bucketIn, type Vod } from './call.js';
import { createControlPlane, provider } from './control-plane.js';
import { createDelivery } from './delivery.js';
import { PullTasks } from './pulls.js';
import { createUgc } from './ugc.js';
import { UploadList } from './uploads.js';

/** Tencent VOD with its COS buckets and its delivery network. */
export function createTencentVod(context: SandboxContext, account: TencentAccount): Service[] {
  for (const region of account.storageRegions)
    context.store.createBucket(bucketIn(region, account), provider);
  const vod: Vod = {
    context,
    account,
    uploads: new UploadList(),
    pulls: new PullDesk(context),
    pullTasks: new PullTasks(),
    folder: `6c0f1c00vodsin${account.appId}`,
  };
  const cos = createCos(context, {
    provider,
    findGrant: (secretId) => findGrant(vod, secretId),
    ownsPath: (path) => path.startsWith(`/${vod.folder}/`),
  });
  return [createControlPlane(vod), createUgc(vod), createDelivery(vod), cos];
}

/** The buckets belong to VOD: each issued certificate gives access to its own keys only. */
function findGrant({ uploads }: Vod, secretId: string): CosGrant | undefined {
  const upload = uploads.bySecretId(secretId);
  if (!upload) return undefined;
  const {
    certificate: { secretKey, token, expiresAt },
    bucket,
    region,
    mediaKey,
    coverKey,
  } = upload;
  return {
    secretKey,
    token,
    expiresAt,
    bucket,
    region,
    keys: coverKey === null ? [mediaKey] : [mediaKey, coverKey],
  };
}

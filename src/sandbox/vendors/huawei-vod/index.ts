import { randomBytes } from 'node:crypto';
import type { SandboxContext } from '../../context.js';
import type { HuaweiAccount } from '../../options.js';
import type { Service } from '../../service.js';
import { createObs } from '../obs/index.js';
import { PullDesk } from '../../pulls/pulls.js';
import { AssetList, coverKey } from './assets.js';
import type { Vod } from './call.js';
import { createControlPlane, provider } from './control-plane.js';
import { createDelivery } from './delivery.js';
import { createIam } from './iam.js';
import { KeyLock } from './key-lock.js';
import { TokenDesk } from './tokens.js';
import {
  coverContentType,
  registeredCoverType,
  tableContentType,
  textContentType,
  UploadUrls,
} from './upload-urls.js';
import { UrlSigner } from './url-signer.js';

/** VOD's own key. The tenant cannot sign with it: its secret is random for every sandbox and never exposed. */
const vodAccessKey = 'SANDBOXVODOWNKEY0001';

/** Huawei VOD with IAM, its bucket and its delivery network. */
export function createHuaweiVod(
  context: SandboxContext,
  account: HuaweiAccount,
  tokens: TokenDesk = new TokenDesk(account, context.now),
): Service[] {
  const bucket = `vod-sandbox-${account.region}`;
  context.store.createBucket(bucket, provider);
  const vodSecret = randomBytes(20).toString('hex');
  const secrets = new Map([
    [vodAccessKey, vodSecret],
    ...[account, account.temporary].map((pair) => [pair.accessKey, pair.secretKey] as const),
  ]);
  const signer = new UrlSigner(context, vodAccessKey, vodSecret);
  const assets = new AssetList();
  const vod: Vod = {
    context,
    account,
    assets,
    bucket,
    signer,
    pulls: new PullDesk(context),
    urls: new UploadUrls(signer, context.settings, account.projectId),
  };
  const obs = createObs(context, {
    region: account.region,
    provider,
    findSecret: (accessKey) => secrets.get(accessKey),
    signedContentType: (_, key, sent) => signedContentType(vod, key, sent),
    maxPutBytes: (_, key, accessKey) => {
      const isVideo = assets.all().some(({ objectKey }) => objectKey === key);
      return isVideo && accessKey === vodAccessKey ? context.settings.singlePutMaxBytes : Infinity;
    },
  });
  return [
    createIam(tokens),
    createControlPlane(vod, tokens, new KeyLock(context.settings.lockAfterFailures)),
    createDelivery(vod),
    obs,
  ];
}

/** With the settings `either`, the other type is accepted instead of the one that was signed. */
function signedContentType({ context, account, assets }: Vod, key: string, sent: string): string {
  const { contentTypeSigned, coverContentTypeSigned } = context.settings;
  const type = assets
    .all()
    .find(
      ({ assetId, coverType }) =>
        coverType !== undefined && coverKey(account.projectId, assetId, coverType) === key,
    )?.coverType;
  if (type !== undefined)
    return coverContentTypeSigned === 'either' && sent === registeredCoverType(type)
      ? coverContentType(type)
      : sent;
  if (contentTypeSigned !== 'either') return sent;
  const asset = assets.all().find(({ objectKey }) => objectKey === key);
  return asset && sent === textContentType(asset.videoType) ? tableContentType(asset.videoType) : sent;
}

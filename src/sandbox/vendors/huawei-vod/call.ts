import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import type { QueryPair } from '../../http/encoding.js';
import type { HuaweiAccount } from '../../options.js';
import type { PullDesk } from '../../pulls/pulls.js';
import type { Asset, AssetList } from './assets.js';
import { VodError } from './errors.js';
import { Fields } from './fields.js';
import { statusAt } from './states.js';
import type { UploadUrls } from './upload-urls.js';
import type { UrlSigner } from './url-signer.js';

/** Dependencies of the control plane's handlers. */
export interface Vod {
  context: SandboxContext;
  account: HuaweiAccount;
  assets: AssetList;
  bucket: string;
  signer: UrlSigner;
  urls: UploadUrls;
  pulls: PullDesk;
}

/** One authenticated call. */
export interface VodCall {
  vod: Vod;
  query: readonly QueryPair[];
  body: Buffer;
  effect: FaultEffect;
}

export function readJson({ body }: VodCall): Fields {
  try {
    return new Fields(JSON.parse(body.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) throw new VodError('VOD.10081');
    throw error;
  }
}

/** The asset that a call names; deleted assets count as unknown. */
export function liveAsset({ assets }: Vod, assetId: string): Asset {
  const asset = assets.find(assetId);
  if (!asset || asset.phase.kind === 'deleted') throw new VodError('VOD.10062');
  return asset;
}

export function currentStatus({ context }: Vod, asset: Asset): ReturnType<typeof statusAt> {
  // A pull whose time has come begins when it is asked about.
  void asset.pull?.state;
  return statusAt(asset, context.now());
}

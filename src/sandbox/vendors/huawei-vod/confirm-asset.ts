import {
  assetStatuses,
  confirmStatuses,
  type AssetStatus,
  type ConfirmStatus,
} from '../../../vendors/huawei-vod.js';
import { json, type Reply } from '../../http/reply.js';
import type { Asset } from './assets.js';
import { liveAsset, readJson, type Vod, type VodCall } from './call.js';
import { VodError } from './errors.js';
import { announceConfirmed } from './events.js';
import { planTimeline } from './states.js';

/** "Confirming Media Asset Upload", tables 3 to 5. */
export function confirmAsset(call: VodCall): Reply {
  const { vod, effect } = call;
  const fields = readJson(call);
  const assetId = fields.requiredText('asset_id');
  const status = fields.oneOf('status', confirmStatuses) ?? fields.refuse('status');
  const asset = liveAsset(vod, assetId);
  // Nothing is uploaded to an asset whose video VOD pulls itself.
  if (asset.pull) throw new VodError('VOD.10126');
  if (asset.phase.kind === 'uploading') applyStatus(vod, asset, status, readStatus(effect.mediaStatus));
  else if (!isAcceptedRepeat(vod, asset, status)) throw new VodError('VOD.10126');
  return json(200, { asset_id: asset.assetId });
}

function applyStatus(
  vod: Vod,
  asset: Asset,
  status: ConfirmStatus,
  forcedByFault: AssetStatus | undefined,
): void {
  const { context } = vod;
  asset.modifiedAt = context.now();
  switch (status) {
    case 'FAILED':
      asset.phase = { kind: 'failed' };
      return;
    case 'CANCELLED':
      asset.phase = { kind: 'cancelled' };
      return;
    case 'CREATED': {
      const forcedStatus = forcedByFault ?? context.settings.mediaStatus ?? undefined;
      const timeline = planTimeline(asset, {
        processingMs: context.processingMs,
        hasObject: context.store.findObject(asset.bucket, asset.objectKey) !== undefined,
        transcodesAlways: context.settings.transcoding === 'always',
        forcedStatus,
      });
      asset.phase = { kind: 'confirmed', at: context.now(), timeline };
      announceConfirmed(vod, asset, timeline);
    }
  }
}

function isAcceptedRepeat({ context }: Vod, asset: Asset, status: ConfirmStatus): boolean {
  const before: Record<ConfirmStatus, Asset['phase']['kind']> = {
    CREATED: 'confirmed',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  };
  return context.settings.confirmRepeat === '200' && asset.phase.kind === before[status];
}

function readStatus(text: string | undefined): AssetStatus | undefined {
  return assetStatuses.find((status) => status === text);
}

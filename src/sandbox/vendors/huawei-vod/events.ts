import type { Asset, TimelineStep } from './assets.js';
import type { Vod } from './call.js';

/** "Event notifications": createComplete, and transcodeComplete where the asset is transcoded. */
export function announceConfirmed({ context }: Vod, asset: Asset, timeline: readonly TimelineStep[]): void {
  const { assetId: asset_id, title } = asset;
  const missing = timeline.find(({ status }) => status === 'UPLOAD_FAILED');
  const created = missing
    ? { status: 'FAILED', asset_id, error_code: 'VOD.10013', error_msg: 'The file is missing.' }
    : { status: 'SUCCEED', asset_id, title, meta_data: { duration: 0 } };
  const event = { event_type: 'createComplete', create_info: created };
  context.events.announce('huawei', 'createComplete', event, missing?.afterMs);
  const end = timeline.find(({ status }) => status === 'TRANSCODE_SUCCEED' || status === 'TRANSCODE_FAILED');
  if (!end) return;
  const transcode_info =
    end.status === 'TRANSCODE_SUCCEED'
      ? { asset_id, status: 'SUCCEED', output: [] }
      : { asset_id, status: 'FAILED', error_code: 'VOD.10013', error_msg: 'Transcoding failed.' };
  context.events.announce(
    'huawei',
    'transcodeComplete',
    { event_type: 'transcodeComplete', transcode_info },
    end.afterMs,
  );
}

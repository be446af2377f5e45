import { importTypes, pullMaxUrls } from '../../../vendors/huawei-vod.js';
import { json, type Reply } from '../../http/reply.js';
import type { Asset } from './assets.js';
import { readJson, type Vod, type VodCall } from './call.js';
import { readCategory, readTags, readTitle } from './create-asset.js';
import { VodError } from './errors.js';
import type { Fields } from './fields.js';
import { announceConfirmed } from './events.js';
import { planTimeline } from './states.js';

const titleMaxBytes = 128;
const descriptionMaxBytes = 1024;
const extension = /\.([a-z0-9]{1,5})$/i;

/** "upload_by_url": the answer has an entry for each item, also for those that are refused. */
export function uploadByUrl(call: VodCall): Reply {
  const { vod } = call;
  const items = readJson(call).list('upload_metadatas');
  if (items.length === 0 || items.length > pullMaxUrls) throw new VodError('VOD.10053', 'upload_metadatas');
  return json(200, { upload_assets: items.map((fields) => uploadOne(vod, fields)) });
}

function uploadOne(vod: Vod, fields: Fields): Record<string, unknown> {
  // What is named in the answer, also where the rest of the item is refused.
  const url = fields.text('url') ?? '';
  try {
    const asset = createPulled(vod, fields, url);
    return { url, asset_id: asset.assetId, error_code: null, error_msg: null };
  } catch (error) {
    if (!(error instanceof VodError)) throw error;
    return { url, asset_id: null, error_code: error.code, error_msg: error.message };
  }
}

function createPulled(vod: Vod, fields: Fields, url: string): Asset {
  checkUrl(url, fields, vod.context.settings.strictPullUrl);
  const videoType = fields.text('video_type') ?? fields.refuse('video_type');
  if (!(importTypes as readonly string[]).includes(videoType)) throw new VodError('VOD.10063');
  const title = readTitle(fields);
  if (Buffer.byteLength(title) > titleMaxBytes) fields.refuse('title');
  fields.integer('auto_encrypt', 0, 1);
  fields.integer('auto_preheat', 0, 1);
  const now = vod.context.now();
  const asset = vod.assets.add(
    {
      title,
      videoName: title,
      videoType,
      subtitles: [],
      // Unlike with other creations, the default is not to publish.
      isAutoPublished: fields.integer('auto_publish', 0, 1) === 1,
      description: fields.text('description', descriptionMaxBytes) ?? '',
      categoryId: readCategory(fields),
      tags: readTags(fields),
      wantsTranscoding: fields.has('template_group_name') || fields.has('workflow_name'),
      createdAt: now,
      modifiedAt: now,
      bucket: vod.bucket,
    },
    vod.account.projectId,
  );
  asset.pull = vod.pulls.add({
    url,
    onDone: async (bytes) => {
      const type = { contentType: 'application/octet-stream', headers: {} };
      await vod.context.store.putObject(asset.bucket, asset.objectKey, bytes, type);
      confirmPulled(vod, asset);
    },
    onFailed: () => {
      asset.phase = { kind: 'failed' };
      vod.context.events.announce('huawei', 'createComplete', {
        event_type: 'createComplete',
        create_info: {
          status: 'FAILED',
          asset_id: asset.assetId,
          error_code: 'VOD.10121',
          error_msg: 'Failed to pull the media asset.',
        },
      });
    },
  });
  return asset;
}

function checkUrl(url: string, fields: Fields, isStrict: boolean): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) fields.refuse('url');
  if (!extension.test(isStrict ? url : new URL(url).pathname)) fields.refuse('url');
}

function confirmPulled(vod: Vod, asset: Asset): void {
  const { context } = vod;
  asset.modifiedAt = context.now();
  const timeline = planTimeline(asset, {
    processingMs: context.processingMs,
    hasObject: true,
    transcodesAlways: context.settings.transcoding === 'always',
    forcedStatus: context.settings.mediaStatus ?? undefined,
  });
  asset.phase = { kind: 'confirmed', at: context.now(), timeline };
  announceConfirmed(vod, asset, timeline);
}

import { updateVideoTypes, videoNameMaxBytes, type AssetStatus } from '../../../vendors/huawei-vod.js';
import { json, type Reply } from '../../http/reply.js';
import { videoKey } from './assets.js';
import { currentStatus, liveAsset, readJson, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Fields } from './fields.js';
import { readSubtitles } from './subtitles.js';

/** "…media assets that fail to be downloaded or uploaded, or whose uploads have been canceled." */
const updatableStatuses: readonly AssetStatus[] = ['UPLOAD_FAILED', 'CANCELLED', 'SERVER_ERROR'];

/** "Updating a Video". URLs that were not requested are absent from the answer, not null. */
export function updateAsset(call: VodCall): Reply {
  const { vod } = call;
  const fields = readJson(call);
  const assetId = fields.requiredText('asset_id');
  const video = readVideo(fields);
  const cover = readCover(fields);
  const subtitles = readSubtitles(fields);
  if (!video && !cover && subtitles.length === 0) fields.refuse('video_name');
  const asset = liveAsset(vod, assetId);
  const isBound = video !== undefined || vod.context.settings.updateStates === 'all';
  if (isBound && !updatableStatuses.includes(currentStatus(vod, asset))) throw new VodError('VOD.10061');
  if (video) {
    asset.videoName = video.name;
    asset.videoType = video.type;
    delete asset.videoMd5;
    if (video.md5 !== undefined) asset.videoMd5 = video.md5;
    asset.objectKey = videoKey(vod.account.projectId, asset.assetId, video.type);
    asset.phase = { kind: 'uploading' };
  }
  if (cover) asset.coverType = cover.type;
  asset.subtitles = [
    ...asset.subtitles.filter(({ id }) => !subtitles.some((added) => added.id === id)),
    ...subtitles,
  ];
  asset.modifiedAt = vod.context.now();
  return json(200, {
    asset_id: asset.assetId,
    video_upload_url: video && vod.urls.video(asset),
    cover_upload_url: cover && vod.urls.cover(asset, cover.type, cover.md5),
    subtitle_upload_urls: subtitles.length > 0 ? vod.urls.subtitles(asset, subtitles) : undefined,
  });
}

/** "To update a video, video_name and video_type must be specified." */
function readVideo(fields: Fields): { name: string; type: string; md5?: string } | undefined {
  const type = fields.oneOf('video_type', updateVideoTypes);
  const md5 = fields.md5('video_md5');
  if (!fields.has('video_name')) {
    return type === undefined && md5 === undefined ? undefined : fields.refuse('video_name');
  }
  const name = fields.requiredText('video_name', videoNameMaxBytes);
  return { name, type: type ?? fields.refuse('video_type'), md5 };
}

/** "To update a thumbnail, cover_type is mandatory and cannot be left empty. If cover_id is specified, the value must be 0." */
function readCover(fields: Fields): { type: string; md5?: string } | undefined {
  const type = fields.oneOf('cover_type', ['JPG', 'PNG']);
  const id = fields.integer('cover_id', 0, 0);
  const md5 = fields.md5('cover_md5');
  if (type === undefined)
    return id === undefined && md5 === undefined ? undefined : fields.refuse('cover_type');
  return { type, md5 };
}

import {
  createOnlyTypes,
  descriptionMaxBytes,
  updateVideoTypes,
  videoNameMaxBytes,
} from '../../../vendors/huawei-vod.js';
import { json, type Reply } from '../../http/reply.js';
import { readJson, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Fields } from './fields.js';
import { readSubtitles } from './subtitles.js';

/** Limit of the international page; the Chinese page has a lower one. */
const titleMaxCharacters = 1024;
const tagMaxCount = 16;
const tagMaxBytes = 24;

/** "Creating a Media Asset: Uploading a File". */
export function createAsset(call: VodCall): Reply {
  const { vod } = call;
  const fields = readJson(call);
  const title = readTitle(fields);
  const videoName = fields.requiredText('video_name', videoNameMaxBytes);
  const videoType =
    fields.oneOf('video_type', [...updateVideoTypes, ...createOnlyTypes]) ?? fields.refuse('video_type');
  const coverType = fields.oneOf('cover_type', ['JPG', 'PNG']);
  const [videoMd5, coverMd5, subtitles] = [
    fields.md5('video_md5'),
    fields.md5('cover_md5'),
    readSubtitles(fields),
  ];
  const isAutoPublished = fields.integer('auto_publish', 0, 1) !== 0;
  checkRest(fields);
  const now = vod.context.now();
  const asset = vod.assets.add(
    {
      title,
      videoName,
      videoType,
      subtitles,
      isAutoPublished,
      description: fields.text('description', descriptionMaxBytes) ?? '',
      categoryId: readCategory(fields),
      tags: readTags(fields),
      wantsTranscoding: fields.has('template_group_name') || fields.has('workflow_name'),
      createdAt: now,
      modifiedAt: now,
      bucket: vod.bucket,
      videoMd5,
      coverType,
    },
    vod.account.projectId,
  );
  return json(200, {
    asset_id: asset.assetId,
    video_upload_url: vod.urls.video(asset),
    cover_upload_url: coverType === undefined ? null : vod.urls.cover(asset, coverType, coverMd5),
    subtitle_upload_urls: vod.urls.subtitles(asset, subtitles),
    target: { bucket: asset.bucket, location: vod.account.region, object: asset.objectKey },
  });
}

/** Fields without effect here that the vendor validates. */
function checkRest(fields: Fields): void {
  fields.integer('auto_encrypt', 0, 1);
  fields.oneOf('auto_preheat', ['0', '1']);
  fields.text('template_group_name');
  fields.text('workflow_name');
}

export function readTitle(fields: Fields): string {
  const title = fields.requiredText('title');
  return [...title].length > titleMaxCharacters ? fields.refuse('title') : title;
}

/** Only the built-in category exists. */
export function readCategory(fields: Fields): number {
  const categoryId = fields.integer('category_id', -1, Number.MAX_SAFE_INTEGER) ?? -1;
  if (categoryId !== -1) throw new VodError('VOD.10064');
  return categoryId;
}

export function readTags(fields: Fields): string {
  const tags = fields.text('tags') ?? '';
  const list = tags === '' ? [] : tags.split(',');
  return list.length > tagMaxCount || list.some((tag) => Buffer.byteLength(tag) > tagMaxBytes)
    ? fields.refuse('tags')
    : tags;
}

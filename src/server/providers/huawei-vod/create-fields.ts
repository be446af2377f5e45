import type { StartFields } from '../../provider.js';
import {
  descriptionMaxBytes,
  singlePutMaxBytes as vodSinglePutMaxBytes,
  titleMaxBytes,
  videoNameMaxBytes,
} from '../../../vendors/huawei-vod.js';
import { cleanFileName, cleanText, cutFileName, cutUtf8, utf8Length } from '../../text.js';
import type { HuaweiVodOptions } from './options.js';
import type { HuaweiVodUploadOptions } from './upload-options.js';

const maxTags = 16;
const maxTagBytes = 16;

/** Throws `TypeError` for settings that no upload could be created with. */
export function checkOptions({
  tags = [],
  region,
  endpoint,
  projectId,
  credentials,
  singlePutMaxBytes = 0,
}: HuaweiVodOptions): void {
  if (!region && !endpoint) throw new TypeError('Huawei VOD needs a region or an endpoint.');
  if (!projectId) throw new TypeError('Huawei VOD needs a project id.');
  if ('token' in credentials ? !credentials.token : !credentials.accessKey || !credentials.secretKey)
    throw new TypeError('Huawei VOD needs a key pair or a token.');
  if (singlePutMaxBytes > vodSinglePutMaxBytes)
    throw new TypeError(`Huawei VOD takes at most ${vodSinglePutMaxBytes} bytes in one PUT.`);
  if (tags.length > maxTags || tags.some((tag) => utf8Length(tag) > maxTagBytes || tag.includes(','))) {
    throw new TypeError(
      `Huawei VOD takes up to ${maxTags} tags of up to ${maxTagBytes} bytes, without commas.`,
    );
  }
}

/** Body of "Creating a Media Asset: Uploading a File". Fields that are not set are left to the service's defaults. */
export function createFields(
  upload: StartFields,
  videoType: string,
  videoMd5: string | undefined,
  settings: HuaweiVodOptions,
): Record<string, unknown> {
  const options: HuaweiVodOptions = {
    ...settings,
    ...(upload.options as HuaweiVodUploadOptions | undefined),
  };
  const {
    description,
    categoryId,
    tags,
    autoPublish,
    templateGroupName,
    workflowName,
    autoEncrypt,
    autoPreheat,
    reviewTemplateId,
  } = options;
  const fields = {
    title: titleOf(upload, options.title),
    video_name: cutFileName(cleanFileName(upload.fileName), videoNameMaxBytes),
    video_type: videoType,
    video_md5: videoMd5,
    description: description === undefined ? undefined : cutUtf8(cleanText(description), descriptionMaxBytes),
    category_id: categoryId,
    tags: tags?.join(','),
    auto_publish: flag(autoPublish),
    template_group_name: templateGroupName,
    workflow_name: workflowName,
    auto_encrypt: flag(autoEncrypt),
    // The one flag that the API wants as text.
    auto_preheat: flag(autoPreheat)?.toString(),
    review: reviewTemplateId === undefined ? undefined : { template_id: reviewTemplateId },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Body of "Updating a Video" for another video file; both names are needed. */
export function updateFields(
  upload: StartFields,
  assetId: string,
  videoType: string,
  videoMd5: string | undefined,
): Record<string, unknown> {
  const name = cutFileName(cleanFileName(upload.fileName), videoNameMaxBytes);
  return {
    asset_id: assetId,
    video_name: name,
    video_type: videoType,
    ...(videoMd5 !== undefined && { video_md5: videoMd5 }),
  };
}

function titleOf(upload: StartFields, title: HuaweiVodOptions['title']): string {
  const given = typeof title === 'function' ? title(upload) : title;
  const clean = given === undefined ? '' : cutUtf8(cleanText(given), titleMaxBytes);
  return clean || cutFileName(cleanFileName(upload.fileName), titleMaxBytes);
}

function flag(value: boolean | undefined): 0 | 1 | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}

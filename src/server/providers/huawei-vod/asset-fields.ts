import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import { descriptionMaxBytes, titleMaxBytes, videoNameMaxBytes } from '../../../vendors/huawei-vod.js';
import { definedFields } from '../../kit/fields.js';
import type { MediaUpdate } from '../../../protocol/index.js';
import type { ImportLink, StartFields } from '../../provider.js';
import { cleanFileName, cleanText, cutFileName, cutUtf8 } from '../../text.js';
import { tagsSchema, type HuaweiVodOptions, type HuaweiVodUploadOptions } from './options.js';

/** The file as the service is told of it. */
export interface VideoFile {
  readonly videoType: string;
  /** Base64; absent where the service shall not compare. */
  readonly videoMd5: string | undefined;
}

/** Body of "Creating a Media Asset: Uploading a File". Fields that are not set are left to the service's defaults. */
export function createFields(
  upload: StartFields,
  { videoType, videoMd5 }: VideoFile,
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
  return definedFields(fields);
}

/** One item of "upload_by_url": the fields of an upload, except that nothing of a file is known. */
export function importFields(
  upload: StartFields,
  { url, extension }: Pick<ImportLink, 'url' | 'extension'>,
  settings: HuaweiVodOptions,
): Record<string, unknown> & { readonly title: string } {
  const {
    video_name: _name,
    auto_preheat: preheat,
    ...fields
  } = createFields(upload, { videoType: extension.toUpperCase(), videoMd5: undefined }, settings);
  return {
    // Here the service's default is not to publish; an upload is published where nothing else is said.
    auto_publish: 1,
    ...fields,
    title: String(fields['title']),
    url,
    // A number here, text there.
    ...(preheat !== undefined && { auto_preheat: Number(preheat) }),
  };
}

/** Body of "Updating a Video" for another video file; both names are needed. */
export function updateFields(
  upload: StartFields,
  assetId: string,
  { videoType, videoMd5 }: VideoFile,
): Record<string, unknown> {
  const name = cutFileName(cleanFileName(upload.fileName), videoNameMaxBytes);
  return { asset_id: assetId, video_name: name, video_type: videoType, video_md5: videoMd5 };
}

/** Body of "Modifying Media Asset Attributes": what is absent stays. Texts are cut as those of the settings are. */
export function metaFields(
  assetId: string,
  { title, description, tags }: MediaUpdate,
): Record<string, unknown> {
  return definedFields({
    asset_id: assetId,
    title: (title !== undefined && cutUtf8(cleanText(title), titleMaxBytes)) || undefined,
    description: description === undefined ? undefined : cutUtf8(cleanText(description), descriptionMaxBytes),
    tags: tags && tagsOf(tags).join(','),
  });
}

function tagsOf(tags: readonly string[]): string[] {
  const parsed = v.safeParse(tagsSchema, tags);
  if (parsed.success) return parsed.output;
  throw new EndpointError('invalid-request', { detail: `A tag is not ${parsed.issues[0].message}.` });
}

function titleOf(upload: StartFields, title: HuaweiVodOptions['title']): string {
  const given = typeof title === 'function' ? title(upload) : title;
  const clean = given === undefined ? '' : cutUtf8(cleanText(given), titleMaxBytes);
  return clean || cutFileName(cleanFileName(upload.fileName), titleMaxBytes);
}

function flag(value: boolean | undefined): 0 | 1 | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}

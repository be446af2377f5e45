import * as v from 'valibot';
import type { MediaUpdate } from '../../../protocol/index.js';
import {
  descriptionMaxLength,
  tagMaxLength,
  tagsMaxCount,
  titleMaxLength,
} from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import { definedFields } from '../../kit/fields.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cleanText, cutFileName, cutUtf8 } from '../../text.js';
import { vodFileName } from './file-type.js';
import { tagsSchema, withoutIllegal, type AlibabaUploadOptions, type AlibabaVodOptions } from './options.js';

export type Params = Record<string, string>;

/** Parameters of "CreateUploadVideo". What is not set is left to the service's defaults. */
export function createParams(upload: StartFields, settings: AlibabaVodOptions): Params {
  // Checked by the schema that the handler runs, or absent.
  const chosen = (upload.options ?? {}) as AlibabaUploadOptions;
  const {
    description,
    tags,
    cateId,
    templateGroupId,
    workflowId,
    storageLocation,
    appId,
    coverUrl,
    userData,
  } = { ...settings, ...definedFields(chosen) };
  return textParams({
    Title: chosen.title ?? titleOf(upload, settings.title),
    FileName: vodFileName(upload),
    FileSize: String(upload.sizeBytes),
    Description:
      description === undefined
        ? undefined
        : cutUtf8(withoutIllegal(cleanText(description)), descriptionMaxLength),
    Tags: tags?.join(','),
    CateId: cateId?.toString(),
    TemplateGroupId: templateGroupId,
    WorkflowId: workflowId,
    StorageLocation: storageLocation,
    AppId: appId,
    CoverURL: coverUrl,
    UserData: userData === undefined ? undefined : JSON.stringify(userData),
  });
}

/** Parameters of "UpdateVideoInfo": what is absent stays, an empty description or list of tags removes. */
export function updateParams({ title, description, tags }: MediaUpdate): Params {
  const clean = (text: string, maxBytes: number) => cutUtf8(withoutIllegal(cleanText(text)), maxBytes);
  if (tags && !v.is(tagsSchema, tags))
    throw new EndpointError('invalid-request', {
      detail: `Tags are at most ${tagsMaxCount}, of at most ${tagMaxLength} bytes, without commas and emoji.`,
    });
  return definedFields({
    Title: (title !== undefined && clean(title, titleMaxLength)) || undefined,
    Description: description === undefined ? undefined : clean(description, descriptionMaxLength),
    Tags: tags?.join(','),
  });
}

/** The part of those parameters that covers and subtitles share with their video. */
export function placeParams({
  storageLocation,
  appId,
  options = {},
}: Pick<AlibabaVodOptions, 'storageLocation' | 'appId'> & {
  options?: Record<string, unknown> | undefined;
}): Params {
  const chosen = options as AlibabaUploadOptions;
  return textParams({
    StorageLocation: chosen.storageLocation ?? storageLocation,
    AppId: chosen.appId ?? appId,
  });
}

/** The parameters that are there; this API takes an empty text for a value. */
export function textParams(params: Record<string, string | undefined>): Params {
  return Object.fromEntries(
    Object.entries(params).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
    ),
  );
}

function titleOf(upload: StartFields, title: AlibabaVodOptions['title']): string {
  const given = typeof title === 'function' ? title(upload) : title;
  const clean = given === undefined ? '' : cutUtf8(withoutIllegal(cleanText(given)), titleMaxLength);
  return clean || cutFileName(cleanFileName(withoutIllegal(upload.fileName)), titleMaxLength);
}

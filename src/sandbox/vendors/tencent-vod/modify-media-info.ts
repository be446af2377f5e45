import {
  descriptionMaxLength,
  mediaNameMaxLength,
  tagMaxLength,
  tagsMaxCount,
} from '../../../vendors/tencent-vod.js';
import type { Action } from './call.js';
import { TencentError } from './errors.js';

/** "ModifyMediaInfo": name, description and tags; the other parameters are not emulated, and are unknown. */
export const modifyMediaInfo: Action = {
  parameters: {
    FileId: 'string!',
    SubAppId: 'integer',
    Name: 'string',
    Description: 'string',
    AddTags: 'strings',
    ClearTags: 'integer',
  },
  needsRegion: false,
  handle({ vod, parameters, subAppId }) {
    const upload = vod.uploads.media(parameters.required('FileId'), subAppId);
    if (!upload) throw new TencentError('ResourceNotFound');
    const given = parameters.toJSON();
    const [Name, Description] = [given['Name'], given['Description']];
    if (typeof Name === 'string' && [...Name].length > mediaNameMaxLength)
      throw new TencentError('InvalidParameterValue.Name');
    if (typeof Description === 'string' && [...Description].length > descriptionMaxLength)
      throw new TencentError('InvalidParameterValue.Description');
    const added = parameters.texts('AddTags') ?? [];
    const isCleared = parameters.integer('ClearTags') === 1;
    if (isCleared && added.length > 0)
      throw new TencentError('InvalidParameterValue.AddTagsAndClearTagsConflict');
    if (added.some((tag) => [...tag].length > tagMaxLength))
      throw new TencentError('InvalidParameterValue.TagTooLong');
    const { modified = {} } = upload;
    const Tags = isCleared ? [] : [...new Set([...(modified.Tags ?? []), ...added])];
    if (Tags.length > tagsMaxCount) throw new TencentError('LimitExceeded.TagCountReachMax');
    upload.modified = {
      ...modified,
      ...(typeof Name === 'string' && { MediaName: Name }),
      ...(typeof Description === 'string' && { Description }),
      Tags,
    };
    return {};
  },
};

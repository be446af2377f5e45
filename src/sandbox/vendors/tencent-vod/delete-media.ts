import { announceDeleted } from './events.js';
import { deletePartTypes } from '../../../vendors/tencent-vod.js';
import type { Action } from './call.js';
import { TencentError } from './errors.js';

/** "DeleteMedia": everything, or the parts named. */
export const deleteMedia: Action = {
  parameters: { FileId: 'string!', SubAppId: 'integer', DeleteParts: 'objects' },
  needsRegion: false,
  async handle({ vod, parameters, subAppId }) {
    const upload = vod.uploads.media(parameters.required('FileId'), subAppId);
    if (!upload) throw new TencentError('ResourceNotFound');
    const parts = parameters.objects('DeleteParts') ?? [];
    if (parts.some(({ Type: type }) => !deletePartTypes.some((known) => known === type)))
      throw new TencentError('InvalidParameter');
    const { store } = vod.context;
    const isWhole = parts.length === 0;
    if (isWhole || parts.some(({ Type: type }) => type === 'OriginalFiles'))
      await store.deleteObject(upload.bucket, upload.mediaKey);
    if (isWhole) {
      if (upload.coverKey !== null) await store.deleteObject(upload.bucket, upload.coverKey);
      upload.isDeleted = true;
      announceDeleted(vod, upload);
    }
    return {};
  },
};

import { moderationStatuses } from '../../../vendors/tencent-vod.js';
import { deliveryUrl, type Action, type Vod } from './call.js';
import { TencentError } from './errors.js';
import type { Upload } from './uploads.js';

/** "CommitUpload": makes media of what was uploaded. It names no task; its Procedure starts by itself. */
export const commitUpload: Action = {
  parameters: { VodSessionKey: 'string!', SubAppId: 'integer' },
  needsRegion: true,
  handle({ vod, parameters, subAppId, effect }) {
    const upload = vod.uploads.bySession(parameters.required('VodSessionKey'));
    const isRefused =
      upload?.committedAt !== undefined && vod.context.settings.tencentCommitRepeat === 'refused';
    if (!upload || upload.subAppId !== subAppId || isRefused)
      throw new TencentError('InvalidParameterValue.VodSessionKey');
    if (!vod.context.store.findObject(upload.bucket, upload.mediaKey))
      throw new TencentError('ResourceNotFound');
    upload.committedAt ??= vod.context.now();
    const status = moderationStatuses.find((one) => one === effect.mediaStatus);
    if (status) upload.moderation = status;
    const coverUrl = coverUrlOf(vod, upload);
    const isLeftOut = coverUrl === '' && vod.context.settings.tencentNoCoverUrl === 'absent';
    return {
      FileId: upload.fileId,
      MediaUrl: deliveryUrl(vod, upload.mediaKey),
      ...(isLeftOut ? {} : { CoverUrl: coverUrl }),
    };
  },
};

/** Empty where none was applied for, or where it never came. */
export function coverUrlOf(vod: Vod, { bucket, coverKey }: Upload): string {
  return coverKey !== null && vod.context.store.findObject(bucket, coverKey)
    ? deliveryUrl(vod, coverKey)
    : '';
}

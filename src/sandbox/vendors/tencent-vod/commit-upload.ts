import { moderationStatuses } from '../../../vendors/tencent-vod.js';
import type { FaultEffect } from '../../faults.js';
import { deliveryUrl, type Action, type Vod } from './call.js';
import { TencentError } from './errors.js';
import { announceCommitted } from './events.js';
import type { Upload } from './uploads.js';

/** "CommitUpload": turns an upload into media. Its Procedure starts without a task in the answer. */
export const commitUpload: Action = {
  parameters: { VodSessionKey: 'string!', SubAppId: 'integer' },
  needsRegion: true,
  handle({ vod, parameters, subAppId, effect }) {
    const upload = commit(vod, { sessionKey: parameters.required('VodSessionKey'), subAppId, effect });
    const coverUrl = coverUrlOf(vod, upload);
    const isLeftOut = coverUrl === '' && vod.context.settings.tencentNoCoverUrl === 'absent';
    return {
      FileId: upload.fileId,
      MediaUrl: deliveryUrl(vod, upload.mediaKey),
      CoverUrl: isLeftOut ? undefined : coverUrl,
    };
  },
};

/** Turns an upload into media, whichever API asks. Throws the refusal. */
export function commit(
  vod: Vod,
  { sessionKey, subAppId, effect }: { sessionKey: string; subAppId: number; effect: FaultEffect },
): Upload {
  const upload = vod.uploads.bySession(sessionKey);
  const isRefused =
    upload?.committedAt !== undefined && vod.context.settings.tencentCommitRepeat === 'refused';
  if (!upload || upload.subAppId !== subAppId || isRefused)
    throw new TencentError('InvalidParameterValue.VodSessionKey');
  if (!vod.context.store.findObject(upload.bucket, upload.mediaKey))
    throw new TencentError('ResourceNotFound');
  const isFirst = upload.committedAt === undefined;
  upload.committedAt ??= vod.context.now();
  const status = moderationStatuses.find((one) => one === effect.mediaStatus);
  if (status) upload.moderation = status;
  if (isFirst) announceCommitted(vod, upload);
  return upload;
}

/** Empty when none was applied for or none was uploaded. */
export function coverUrlOf(vod: Vod, { bucket, coverKey }: Upload): string {
  return coverKey !== null && vod.context.store.findObject(bucket, coverKey)
    ? deliveryUrl(vod, coverKey)
    : '';
}

import { deliveryUrl, type Vod } from './call.js';
import type { Upload } from './uploads.js';

/** "NewFileUpload", and "ProcedureStateChanged" at the end of a task flow. */
export function announceCommitted(vod: Vod, upload: Upload): void {
  const { context } = vod;
  const { fileId: FileId, applied } = upload;
  const hasProcedure = applied.text('Procedure') !== undefined;
  const TaskId = `${upload.subAppId}-procedurev2-${FileId}`;
  context.events.announce('tencent', 'NewFileUpload', {
    EventType: 'NewFileUpload',
    FileUploadEvent: {
      FileId,
      MediaBasicInfo: {
        Name: applied.text('MediaName') ?? '',
        MediaUrl: deliveryUrl(vod, upload.mediaKey),
        SourceInfo: { SourceType: 'Upload', SourceContext: applied.text('SourceContext') ?? '' },
      },
      ProcedureTaskId: hasProcedure ? TaskId : '',
      ReviewAudioVideoTaskId: '',
      MetaData: null,
    },
  });
  if (!hasProcedure) return;
  const MediaProcessResultSet = [
    { Type: 'Transcode', TranscodeTask: { Status: 'SUCCESS', ErrCodeExt: '', Progress: 100 } },
  ];
  const event = { TaskId, Status: 'FINISH', ErrCode: 0, Message: 'SUCCESS', FileId, MediaProcessResultSet };
  context.events.announce(
    'tencent',
    'ProcedureStateChanged',
    { EventType: 'ProcedureStateChanged', ProcedureStateChangeEvent: event },
    context.processingMs,
  );
}

/** "PullComplete", of the task as it has ended. */
export function announcePulled({ context }: Vod, task: Record<string, unknown>): void {
  context.events.announce('tencent', 'PullComplete', { EventType: 'PullComplete', PullCompleteEvent: task });
}

/** "FileDeleted", of the whole file. */
export function announceDeleted({ context }: Vod, { fileId: FileId }: Upload): void {
  context.events.announce('tencent', 'FileDeleted', {
    EventType: 'FileDeleted',
    FileDeleteEvent: { FileIdSet: [FileId], FileDeleteResultInfo: [{ FileId, DeleteParts: [] }] },
  });
}

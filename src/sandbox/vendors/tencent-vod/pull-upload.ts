import { randomBytes } from 'node:crypto';
import { openUpload } from './apply-upload.js';
import type { PullState } from '../../pulls/pulls.js';
import type { Action, TencentCall, Vod } from './call.js';
import { deliveryUrl } from './call.js';
import { TencentError } from './errors.js';
import { announcePulled } from './events.js';
import type { PullTask } from './pulls.js';
import { Parameters } from './parameters.js';

const sessionIdMaxLength = 50;

/** "PullUpload": one link; the media is named when it is there. */
export const pullUpload: Action = {
  parameters: {
    MediaUrl: 'string!',
    MediaType: 'string',
    SubAppId: 'integer',
    MediaName: 'string',
    CoverUrl: 'string',
    Procedure: 'string',
    ExpireTime: 'string',
    StorageRegion: 'string',
    ClassId: 'integer',
    TasksPriority: 'integer',
    SessionContext: 'string',
    SessionId: 'string',
    SourceContext: 'string',
    MediaStoragePath: 'string',
    ExtInfo: 'string',
  },
  needsRegion: false,
  handle(call) {
    const { vod, parameters, subAppId } = call;
    const { context, pullTasks } = vod;
    const url = parameters.required('MediaUrl');
    const mediaType = parameters.text('MediaType') ?? checkedType(url);
    checkUrl(url);
    const sessionId = parameters.text('SessionId') ?? '';
    if (sessionId.length > sessionIdMaxLength)
      throw new TencentError('InvalidParameterValue.SessionIdTooLong');
    // The refusal does not name the task.
    if (sessionId !== '' && pullTasks.hasSession(sessionId, context.now()))
      throw new TencentError('InvalidParameterValue.SessionId');
    const upload = openUpload({ ...call, parameters: applied(parameters, mediaType) });
    const pull = vod.pulls.add({
      url,
      onDone: async (bytes) => {
        const type = { contentType: 'application/octet-stream', headers: {} };
        await context.store.putObject(upload.bucket, upload.mediaKey, bytes, type);
        upload.committedAt = context.now();
        announcePulled(vod, endedTask(vod, task, 'done'));
      },
      onFailed: () => announcePulled(vod, endedTask(vod, task, 'failed')),
    });
    const task: PullTask = {
      taskId: `${subAppId}-Pull-${randomBytes(16).toString('hex').slice(1)}`,
      subAppId,
      sessionId,
      sessionContext: parameters.text('SessionContext') ?? '',
      createdAt: context.now(),
      pull,
      upload,
    };
    pullTasks.add(task);
    return { TaskId: task.taskId };
  },
};

/** The values that describe the media, as ApplyUpload has them. */
function applied(parameters: Parameters, MediaType: string): Parameters {
  const names = ['MediaName', 'Procedure', 'ExpireTime', 'StorageRegion', 'SessionContext', 'SourceContext'];
  const texts = Object.fromEntries(names.map((name) => [name, parameters.text(name)]));
  const table = Object.fromEntries([...names, 'MediaType'].map((name) => [name, 'string' as const]));
  return new Parameters(table, { ...texts, MediaType }, { isText: false });
}

function checkUrl(url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new TencentError('InvalidParameterValue.MediaUrl');
}

function checkedType(url: string): string {
  checkUrl(url);
  return /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
}

/** "DescribeTaskDetail", of pulls: `FINISH` alone is no success. */
export const describeTaskDetail: Action = {
  parameters: { TaskId: 'string!', SubAppId: 'integer' },
  needsRegion: false,
  handle(call) {
    const task = existing(call);
    const { state } = task.pull;
    return {
      TaskType: 'PullUpload',
      Status: {
        waiting: 'WAITING',
        running: 'PROCESSING',
        canceled: 'ABORTED',
        done: 'FINISH',
        failed: 'FINISH',
      }[state.kind],
      CreateTime: iso(task.createdAt),
      BeginProcessTime: task.pull.beganAt === undefined ? '' : iso(task.pull.beganAt),
      FinishTime: 'at' in state ? iso(state.at) : '',
      PullUploadTask: state.kind === 'canceled' ? null : pullUploadTask(call, task),
      ProcedureTask: null,
      EditMediaTask: null,
    };
  },
};

function pullUploadTask({ vod }: TencentCall, task: PullTask): Record<string, unknown> {
  return endedTask(vod, task, task.pull.state.kind);
}

/** `kind`: as the pull is, or is about to be. */
function endedTask(
  vod: Vod,
  { pull, upload, ...task }: PullTask,
  kind: PullState['kind'],
): Record<string, unknown> {
  const isDone = kind === 'done';
  const object = vod.context.store.findObject(upload.bucket, upload.mediaKey);
  return {
    TaskId: task.taskId,
    Status: isDone || kind === 'failed' ? 'FINISH' : 'PROCESSING',
    ErrCode: kind === 'failed' ? 60_000 : 0,
    Message: kind === 'failed' ? 'The source cannot be read.' : 'SUCCESS',
    FileId: isDone ? upload.fileId : '',
    MetaData: isDone && object ? { Size: object.sizeBytes } : null,
    FileUrl: isDone ? deliveryUrl(vod, upload.mediaKey) : '',
    ProcedureTaskId: '',
    ReviewAudioVideoTaskId: '',
    SessionContext: task.sessionContext,
    SessionId: task.sessionId,
    Progress: isDone ? 100 : pull.percent,
  };
}

/** "ManageTask", Abort: only of a task that waits. */
export const manageTask: Action = {
  parameters: { TaskId: 'string!', OperationType: 'string!', SubAppId: 'integer' },
  needsRegion: false,
  handle(call) {
    if (call.parameters.required('OperationType') !== 'Abort')
      throw new TencentError('InvalidParameterValue', 'Only Abort is emulated.');
    if (!existing(call).pull.cancel()) throw new TencentError('FailedOperation', 'The task is not waiting.');
    return {};
  },
};

function existing({ vod, parameters, subAppId }: TencentCall): PullTask {
  const task = vod.pullTasks.find(parameters.required('TaskId'), subAppId, vod.context.now());
  if (!task) throw new TencentError('ResourceNotFound');
  return task;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

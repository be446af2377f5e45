import * as v from 'valibot';
import { apiHeaders, apiService, apiVersion } from '../../../vendors/tencent-vod.js';
import type { VendorReply, VendorRequest } from '../../http.js';
import { createCaller, type CallSettings } from '../../kit/call.js';
import { readFields } from '../../kit/reply.js';
import type { CallContext } from '../../provider.js';
import { signTc3, type TencentCredentials } from '../../signing/tc3-hmac-sha256.js';
import { mediaInfosSchema, type MediaInfo } from './details.js';
import { transportError, vodError } from './errors.js';
import {
  appliedSchema,
  committedSchema,
  envelopeSchema,
  modifiedSchema,
  pulledSchema,
  taskSchema,
  type AppliedUpload,
  type Task,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  /** Of the API; says nothing about where media is stored. */
  readonly region: string;
  readonly credentials: TencentCredentials;
}

/** The calls to VOD itself, one method each. All may be repeated: an upload that was applied for and not used lapses. */
export interface VodClient {
  apply(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<AppliedUpload>;
  /** The `FileId`. */
  commit(sessionKey: string, subAppId: number | undefined, context: CallContext): Promise<string>;
  /** "ModifyMediaInfo" */
  modify(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<void>;
  /** "PullUpload": the `TaskId`. Repeats are refused by their `SessionId`. */
  pull(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<string>;
  /** "DescribeTaskDetail": tasks of the last three days. */
  describeTask(taskId: string, subAppId: number | undefined, context: CallContext): Promise<Task>;
  /** "ManageTask": only of one that waits. */
  abortTask(taskId: string, subAppId: number | undefined, context: CallContext): Promise<void>;
  /** "DeleteMedia" */
  remove(fileId: string, subAppId: number | undefined, context: CallContext): Promise<void>;
  /** By up to twenty ids; those that do not exist are left out. */
  describe(
    fileIds: readonly string[],
    subAppId: number | undefined,
    context: CallContext,
  ): Promise<MediaInfo[]>;
}

const contentType = 'application/json';

export function createVodClient(client: ClientSettings, settings: CallSettings): VodClient {
  const caller = createCaller(settings);

  async function call<T extends v.GenericSchema>(
    action: string,
    { fields, reply }: { readonly fields: Readonly<Record<string, unknown>>; readonly reply: T },
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const body = JSON.stringify(fields);
    const answer = await caller(
      {
        what: action,
        // Signed for each attempt: a signature is valid for five minutes around its own second.
        request: () => signedRequest({ action, body }, client, settings.now()),
        read: (vendorReply) => readEnvelope(vendorReply, action, settings.now()),
      },
      context,
    );
    return readFields(reply, answer, action);
  }

  return {
    apply: (fields, context) => call('ApplyUpload', { fields, reply: appliedSchema }, context),
    async commit(sessionKey, subAppId, context) {
      const fields = { VodSessionKey: sessionKey, SubAppId: subAppId };
      const { FileId } = await call('CommitUpload', { fields, reply: committedSchema }, context);
      return FileId;
    },
    async modify(fields, context) {
      await call('ModifyMediaInfo', { fields, reply: modifiedSchema }, context);
    },
    async pull(fields, context) {
      return (await call('PullUpload', { fields, reply: pulledSchema }, context)).TaskId;
    },
    describeTask: (TaskId, SubAppId, context) =>
      call('DescribeTaskDetail', { fields: { TaskId, SubAppId }, reply: taskSchema }, context),
    async abortTask(TaskId, SubAppId, context) {
      const fields = { TaskId, OperationType: 'Abort', SubAppId };
      await call('ManageTask', { fields, reply: modifiedSchema }, context);
    },
    async remove(FileId, SubAppId, context) {
      await call('DeleteMedia', { fields: { FileId, SubAppId }, reply: modifiedSchema }, context);
    },
    async describe(fileIds, subAppId, context) {
      const fields = { FileIds: fileIds, SubAppId: subAppId };
      const reply = mediaInfosSchema;
      const { MediaInfoSet: found } = await call('DescribeMediaInfos', { fields, reply }, context);
      return found ?? [];
    },
  };
}

function signedRequest(
  { action, body }: { readonly action: string; readonly body: string },
  { endpoint, region, credentials }: ClientSettings,
  nowMs: number,
): VendorRequest {
  const url = `${endpoint.replace(/\/+$/, '')}/`;
  const timestamp = Math.floor(nowMs / 1000);
  const { authorization } = signTc3(
    { method: 'POST', url, contentType, body, timestamp, service: apiService },
    credentials,
  );
  const headers = {
    'Content-Type': contentType,
    [apiHeaders.action]: action,
    [apiHeaders.version]: apiVersion,
    [apiHeaders.timestamp]: String(timestamp),
    [apiHeaders.region]: region,
    // `fetch` would send an absent header as the text "undefined".
    ...(credentials.token && { [apiHeaders.token]: credentials.token }),
    Authorization: authorization,
  };
  return { method: 'POST', url, headers, body };
}

/** The status is 200 whatever happened; `Error` in the envelope tells a refusal. */
function readEnvelope(reply: VendorReply, what: string, nowMs: number): unknown {
  if (reply.status !== 200) throw transportError(reply, what, nowMs);
  const envelope = v.safeParse(v.pipe(v.string(), v.parseJson()), reply.text);
  const { Response: fields } = readFields(envelopeSchema, envelope.output, what);
  if (fields.Error) throw vodError(fields.Error.Code, { what, requestId: fields.RequestId });
  return fields;
}

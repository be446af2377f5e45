import * as v from 'valibot';
import { apiHeaders, apiService, apiVersion } from '../../../vendors/tencent-vod.js';
import { exchange, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient, withRetry, type RetryPolicy, type RetryTools } from '../../retry.js';
import { signTc3, type TencentCredentials } from '../../signing/tc3-hmac-sha256.js';
import { transportError, vodError } from './errors.js';
import {
  appliedSchema,
  committedSchema,
  envelopeSchema,
  mediaInfosSchema,
  readFields,
  type AppliedUpload,
  type MediaInfo,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  /** Of the API; says nothing about where media is stored. */
  readonly region: string;
  readonly credentials: TencentCredentials;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

/** The calls to VOD itself, one method each. All may be repeated: an upload that was applied for in vain just lapses. */
export interface VodClient {
  apply(fields: Readonly<Record<string, unknown>>, context: CallContext): Promise<AppliedUpload>;
  /** The `FileId`. */
  commit(sessionKey: string, subAppId: number | undefined, context: CallContext): Promise<string>;
  /** By up to twenty ids; those that do not exist are left out. */
  describe(
    fileIds: readonly string[],
    subAppId: number | undefined,
    context: CallContext,
  ): Promise<MediaInfo[]>;
}

const contentType = 'application/json';

export function createVodClient(settings: ClientSettings): VodClient {
  const { endpoint, region, credentials, fetch, now, timeoutMs, retryPolicy, retryTools } = settings;
  const url = `${endpoint.replace(/\/+$/, '')}/`;

  async function send(action: string, body: string, { signal }: CallContext): Promise<unknown> {
    const timestamp = Math.floor(now() / 1000);
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
      ...(credentials.token && { [apiHeaders.token]: credentials.token }),
      Authorization: authorization,
    };
    const request: VendorRequest = { method: 'POST', url, headers, body };
    const reply = await exchange(request, { fetch, signal, timeoutMs, what: action });
    if (reply.status !== 200) throw transportError(reply, action, now());
    const envelope = v.safeParse(v.pipe(v.string(), v.parseJson()), reply.text);
    const { Response: fields } = readFields(envelopeSchema, envelope.output, action);
    if (fields.Error) throw vodError(fields.Error.Code, fields.RequestId, action);
    return fields;
  }

  /** Signed anew each time: a signature is good for five minutes around its own second. */
  async function call<T extends v.GenericSchema>(
    action: string,
    fields: Readonly<Record<string, unknown>>,
    reply: T,
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const body = JSON.stringify(fields);
    const attempt = () => context.limit(() => send(action, body, context));
    const answer = await withRetry(attempt, {
      signal: context.signal,
      mayRepeat: repeatTransient,
      policy: retryPolicy,
      tools: retryTools,
    });
    return readFields(reply, answer, action);
  }

  return {
    apply: (fields, context) => call('ApplyUpload', fields, appliedSchema, context),
    async commit(sessionKey, subAppId, context) {
      return (
        await call(
          'CommitUpload',
          { VodSessionKey: sessionKey, ...withSubApp(subAppId) },
          committedSchema,
          context,
        )
      ).FileId;
    },
    async describe(fileIds, subAppId, context) {
      const { MediaInfoSet: found } = await call(
        'DescribeMediaInfos',
        { FileIds: fileIds, ...withSubApp(subAppId) },
        mediaInfosSchema,
        context,
      );
      return found ?? [];
    },
  };
}

function withSubApp(subAppId: number | undefined): { SubAppId?: number } {
  return subAppId === undefined ? {} : { SubAppId: subAppId };
}

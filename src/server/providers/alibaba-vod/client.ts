import type * as v from 'valibot';
import { vodVersion } from '../../../vendors/alibaba-vod.js';
import type { EndpointError } from '../../errors.js';
import { exchange, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import {
  repeatIfUnsent,
  repeatTransient,
  withRetry,
  type RetryPolicy,
  type RetryTools,
} from '../../retry.js';
import { signAcs3 } from '../../signing/acs3-hmac-sha256.js';
import type { AlibabaKeys } from '../../signing/alibaba-keys.js';
import { canonicalParams, signRpcV1 } from '../../signing/rpc-v1.js';
import type { Params } from './create-params.js';
import { hasCode, vodError } from './errors.js';
import {
  createdAttachedSchema,
  createdImageSchema,
  createdVideoSchema,
  emptySchema,
  playInfoSchema,
  readJsonReply,
  uploadDetailsSchema,
  videoInfosSchema,
  type PlayInfo,
  type UploadDetails,
  type VideoInfo,
} from './wire.js';

export interface ClientSettings {
  readonly endpoint: string;
  readonly credentials: () => AlibabaKeys | Promise<AlibabaKeys>;
  readonly signature: 'v3' | 'v1';
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly nonce: () => string;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

interface VodCall<T extends v.GenericSchema> {
  readonly action: string;
  readonly params: Params;
  readonly reply: T;
  readonly mayRepeat: (error: EndpointError) => boolean;
}

/** The actions of VOD itself, one method each. */
export interface VodClient {
  /** Not idempotent: repeated only when it surely did nothing. */
  createVideo(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdVideoSchema>>;
  createImage(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdImageSchema>>;
  createAttached(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdAttachedSchema>>;
  refreshVideo(videoId: string, context: CallContext): Promise<v.InferOutput<typeof createdVideoSchema>>;
  /** Up to 20 ids. */
  uploadDetails(mediaIds: readonly string[], context: CallContext): Promise<UploadDetails>;
  /** Up to 20 ids; those that nobody knows are left out. */
  videoInfos(videoIds: readonly string[], context: CallContext): Promise<VideoInfo[]>;
  playInfo(videoId: string, context: CallContext): Promise<PlayInfo>;
  setCover(videoId: string, coverUrl: string, context: CallContext): Promise<void>;
  deleteVideo(videoId: string, context: CallContext): Promise<void>;
}

/** `AddVideoFailed` says that nothing was made. */
const repeatUnmade = (error: EndpointError): boolean =>
  repeatIfUnsent(error) || hasCode(error, 'AddVideoFailed');

export function createVodClient(settings: ClientSettings): VodClient {
  const { fetch, now, timeoutMs, retryPolicy, retryTools } = settings;

  async function call<T extends v.GenericSchema>(
    { action, params, reply, mayRepeat }: VodCall<T>,
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    const attempt = async () => {
      // Signed for each attempt: a nonce is good for one.
      const request = await signedRequest(action, params, settings);
      const answer = await exchange(request, { fetch, signal: context.signal, timeoutMs, what: action });
      if (answer.status !== 200) throw vodError(answer, action, now());
      return readJsonReply(reply, answer.text, action);
    };
    return withRetry(() => context.limit(attempt), {
      signal: context.signal,
      mayRepeat,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  return {
    createVideo: (params, context) =>
      call(
        { action: 'CreateUploadVideo', params, reply: createdVideoSchema, mayRepeat: repeatUnmade },
        context,
      ),
    createImage: (params, context) =>
      call(
        { action: 'CreateUploadImage', params, reply: createdImageSchema, mayRepeat: repeatUnmade },
        context,
      ),
    createAttached: (params, context) =>
      call(
        {
          action: 'CreateUploadAttachedMedia',
          params,
          reply: createdAttachedSchema,
          mayRepeat: repeatUnmade,
        },
        context,
      ),
    refreshVideo: (VideoId, context) =>
      call(
        {
          action: 'RefreshUploadVideo',
          params: { VideoId },
          reply: createdVideoSchema,
          mayRepeat: repeatTransient,
        },
        context,
      ),
    uploadDetails(mediaIds, context) {
      const params = { MediaIds: mediaIds.join(','), MediaType: 'video' };
      // Nobody promises 200 where no id is known.
      return call(
        { action: 'GetUploadDetails', params, reply: uploadDetailsSchema, mayRepeat: repeatTransient },
        context,
      ).catch((error: unknown) => {
        if (hasCode(error, 'InvalidVideo.NotFound'))
          return { ForbiddenMediaIds: [], NonExistMediaIds: [...mediaIds], UploadDetails: [] };
        throw error;
      });
    },
    async videoInfos(videoIds, context) {
      const call20 = call(
        {
          action: 'GetVideoInfos',
          params: { VideoIds: videoIds.join(',') },
          reply: videoInfosSchema,
          mayRepeat: repeatTransient,
        },
        context,
      );
      return (
        await call20.catch((error: unknown) => {
          if (hasCode(error, 'InvalidVideo.NotFound')) return { VideoList: [] };
          throw error;
        })
      ).VideoList;
    },
    playInfo(VideoId, context) {
      // Said to default to either; `cdn` is what viewers are served by.
      const params = { VideoId, OutputType: 'cdn', ResultType: 'Multiple' };
      return call(
        { action: 'GetPlayInfo', params, reply: playInfoSchema, mayRepeat: repeatTransient },
        context,
      );
    },
    async setCover(VideoId, CoverURL, context) {
      await call(
        {
          action: 'UpdateVideoInfo',
          params: { VideoId, CoverURL },
          reply: emptySchema,
          mayRepeat: repeatTransient,
        },
        context,
      );
    },
    async deleteVideo(VideoIds, context) {
      await call(
        { action: 'DeleteVideo', params: { VideoIds }, reply: emptySchema, mayRepeat: repeatTransient },
        context,
      ).catch((error: unknown) => {
        if (!hasCode(error, 'InvalidVideo.NotFound')) throw error;
      });
    },
  };
}

/** POST with everything in the query and no body, as the vendor's generated clients send it. */
async function signedRequest(
  action: string,
  params: Params,
  { endpoint, signature, credentials, now, nonce }: ClientSettings,
): Promise<VendorRequest> {
  const keys = await credentials();
  const origin = endpoint.replace(/\/+$/, '');
  const common = { method: 'POST', date: new Date(now()), nonce: nonce() } as const;
  if (signature === 'v1') {
    const signed = signRpcV1({ ...common, params: { ...params, Action: action, Version: vodVersion } }, keys);
    return { method: 'POST', url: `${origin}/?${canonicalParams(signed)}` };
  }
  const headers = signAcs3(
    { ...common, host: new URL(origin).host, action, version: vodVersion, query: params },
    keys,
  );
  return {
    method: 'POST',
    url: `${origin}/?${canonicalParams(params)}`,
    headers: { ...headers, accept: 'application/json' },
  };
}

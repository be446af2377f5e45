import type * as v from 'valibot';
import { vodVersion } from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import { callHost } from '../../host-hooks.js';
import type { VendorRequest } from '../../http.js';
import { createCaller, type CallSettings } from '../../kit/call.js';
import { hasVendorCode } from '../../kit/refusal.js';
import { readJsonReply } from '../../kit/reply.js';
import type { CallContext } from '../../provider.js';
import { repeatIfUnsent, repeatTransient } from '../../retry.js';
import { signAcs3 } from '../../signing/acs3-hmac-sha256.js';
import type { AlibabaKeys } from '../../signing/alibaba-keys.js';
import { canonicalParams, signRpcV1 } from '../../signing/rpc-v1.js';
import type { Params } from './create-params.js';
import {
  playInfoSchema,
  uploadDetailsSchema,
  videoInfosSchema,
  type PlayInfo,
  type UploadDetails,
  type VideoInfo,
} from './details.js';
import { vodError } from './errors.js';
import {
  canceledJobsSchema,
  createdAttachedSchema,
  createdImageSchema,
  createdVideoSchema,
  emptySchema,
  mezzanineSchema,
  pulledSchema,
  urlUploadsSchema,
  videoListSchema,
  type UrlJob,
  type UrlUpload,
} from './wire.js';

/** Longer than asking a service for keys, and asking again. */
const credentialsTimeoutMs = 30_000;

export interface ClientSettings {
  readonly endpoint: string;
  readonly credentials: () => AlibabaKeys | Promise<AlibabaKeys>;
  readonly signature: 'v3' | 'v1';
  readonly nonce: () => string;
}

interface VodCall<T extends v.GenericSchema> {
  readonly params: Params;
  readonly reply: T;
  readonly mayRepeat?: (error: EndpointError) => boolean;
}

/** The most videos of one page. */
export const listMaxVideos = 100;

type ListedVideo = NonNullable<
  NonNullable<v.InferOutput<typeof videoListSchema>['VideoList']>['Video']
>[number];

/** The actions of VOD itself, one method each. */
export interface VodClient {
  /** Not idempotent: repeated only when it certainly did nothing. */
  createVideo(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdVideoSchema>>;
  createImage(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdImageSchema>>;
  createAttached(params: Params, context: CallContext): Promise<v.InferOutput<typeof createdAttachedSchema>>;
  refreshVideo(videoId: string, context: CallContext): Promise<v.InferOutput<typeof createdVideoSchema>>;
  /** Up to 20 ids. */
  uploadDetails(mediaIds: readonly string[], context: CallContext): Promise<UploadDetails>;
  /** Up to 20 ids; unknown ones are left out. */
  videoInfos(videoIds: readonly string[], context: CallContext): Promise<VideoInfo[]>;
  /** "GetMezzanineInfo": bytes of the stored file, or `undefined` where these keys may not ask. */
  storedSize(videoId: string, context: CallContext): Promise<number | undefined>;
  /** "GetVideoList": one page, from 1, of videos that wait for their file, oldest first. */
  uploading(page: number, endTime: string, context: CallContext): Promise<ListedVideo[]>;
  /** "UploadMediaByURL", up to twenty links. Repeats within ten minutes are refused by their `SessionId`. */
  pull(params: Params, context: CallContext): Promise<readonly UrlJob[]>;
  /** "GetURLUploadInfos": by up to ten ids of jobs, or by links. */
  urlUploads(params: Params, context: CallContext): Promise<{ readonly found: readonly UrlUpload[] }>;
  /** "CancelUrlUploadJobs", up to ten, of those that wait. Answers which it has canceled. */
  cancelUrlJobs(jobIds: readonly string[], context: CallContext): Promise<readonly string[]>;
  playInfo(videoId: string, context: CallContext): Promise<PlayInfo>;
  setCover(videoId: string, coverUrl: string, context: CallContext): Promise<void>;
  /** "UpdateVideoInfo": what is absent stays. */
  updateInfo(videoId: string, params: Params, context: CallContext): Promise<void>;
  deleteVideo(videoId: string, context: CallContext): Promise<void>;
}

/** `AddVideoFailed` says that nothing was created. */
const repeatUnmade = (error: EndpointError): boolean =>
  repeatIfUnsent(error) || hasVendorCode(error, 'AddVideoFailed');

const creating = { mayRepeat: repeatUnmade };

type Call = <T extends v.GenericSchema>(
  action: string,
  call: VodCall<T>,
  context: CallContext,
) => Promise<v.InferOutput<T>>;

/** What concerns videos that the service pulls from links. */
function urlUploadCalls(call: Call): Pick<VodClient, 'pull' | 'urlUploads' | 'cancelUrlJobs'> {
  return {
    async pull(params, context) {
      const reply = pulledSchema;
      return (await call('UploadMediaByURL', { ...creating, params, reply }, context)).UploadJobs ?? [];
    },
    async urlUploads(params, context) {
      const { URLUploadInfoList: found } = await call(
        'GetURLUploadInfos',
        { params, reply: urlUploadsSchema },
        context,
      );
      return { found: found ?? [] };
    },
    async cancelUrlJobs(jobIds, context) {
      const params = { JobIds: jobIds.join(',') };
      return (
        (await call('CancelUrlUploadJobs', { params, reply: canceledJobsSchema }, context)).CanceledJobs ?? []
      );
    },
  };
}

export function createVodClient(client: ClientSettings, settings: CallSettings): VodClient {
  const caller = createCaller(settings);

  function call<T extends v.GenericSchema>(
    action: string,
    { params, reply, mayRepeat }: VodCall<T>,
    context: CallContext,
  ): Promise<v.InferOutput<T>> {
    return caller(
      {
        what: action,
        // Signed for each attempt: a nonce is valid for one.
        request: () => signedRequest({ action, params }, client, settings.now()),
        read(answer): v.InferOutput<T> {
          if (answer.status !== 200) throw vodError(answer, action, settings.now());
          return readJsonReply(reply, answer.text, action);
        },
        mayRepeat,
      },
      context,
    );
  }

  return {
    ...urlUploadCalls(call),
    createVideo: (params, context) =>
      call('CreateUploadVideo', { ...creating, params, reply: createdVideoSchema }, context),
    createImage: (params, context) =>
      call('CreateUploadImage', { ...creating, params, reply: createdImageSchema }, context),
    createAttached: (params, context) =>
      call('CreateUploadAttachedMedia', { ...creating, params, reply: createdAttachedSchema }, context),
    refreshVideo: (VideoId, context) =>
      call('RefreshUploadVideo', { params: { VideoId }, reply: createdVideoSchema }, context),
    uploadDetails(mediaIds, context) {
      const params = { MediaIds: mediaIds.join(','), MediaType: 'video' };
      // The pages do not promise 200 where no id is known.
      return call('GetUploadDetails', { params, reply: uploadDetailsSchema }, context).catch(
        unlessNotFound({ ForbiddenMediaIds: [], NonExistMediaIds: [...mediaIds], UploadDetails: [] }),
      );
    },
    async videoInfos(videoIds, context) {
      const params = { VideoIds: videoIds.join(',') };
      const found = await call('GetVideoInfos', { params, reply: videoInfosSchema }, context).catch(
        unlessNotFound({ VideoList: [] }),
      );
      return found.VideoList;
    },
    async storedSize(VideoId, context) {
      const unknown = { Mezzanine: undefined };
      const reply = mezzanineSchema;
      const { Mezzanine } = await call('GetMezzanineInfo', { params: { VideoId }, reply }, context).catch(
        unlessRefused(unknown),
      );
      return Mezzanine?.Size ?? undefined;
    },
    async uploading(page, EndTime, context) {
      const params = uploadingParams(page, EndTime);
      const found = await call('GetVideoList', { params, reply: videoListSchema }, context).catch(
        unlessNotFound({ VideoList: undefined }),
      );
      return found.VideoList?.Video ?? [];
    },
    playInfo(VideoId, context) {
      // The pages name two defaults; `cdn` is what viewers are served by.
      const params = { VideoId, OutputType: 'cdn', ResultType: 'Multiple' };
      return call('GetPlayInfo', { params, reply: playInfoSchema }, context);
    },
    async setCover(VideoId, CoverURL, context) {
      await call('UpdateVideoInfo', { params: { VideoId, CoverURL }, reply: emptySchema }, context);
    },
    async updateInfo(VideoId, params, context) {
      await call('UpdateVideoInfo', { params: { ...params, VideoId }, reply: emptySchema }, context);
    },
    async deleteVideo(VideoIds, context) {
      await call('DeleteVideo', { params: { VideoIds }, reply: emptySchema }, context).catch(
        unlessNotFound({}),
      );
    },
  };
}

function uploadingParams(page: number, EndTime: string): Params {
  const order = { SortBy: 'CreationTime:Asc', PageNo: String(page), PageSize: String(listMaxVideos) };
  return { Status: 'Uploading', EndTime, ...order };
}

/** The answer that stands for a final refusal, as of keys without that permission; a transient failure is thrown. */
function unlessRefused<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (!(error instanceof EndpointError) || repeatTransient(error)) throw error;
    return answer;
  };
}

/** The answer that stands for `InvalidVideo.NotFound`; every other error is thrown. */
function unlessNotFound<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (hasVendorCode(error, 'InvalidVideo.NotFound')) return answer;
    throw error;
  };
}

/** POST with everything in the query and no body, as the vendor's generated clients send it. */
async function signedRequest(
  { action, params }: { readonly action: string; readonly params: Params },
  { endpoint, signature, credentials, nonce }: ClientSettings,
  nowMs: number,
): Promise<VendorRequest> {
  const keys = await callHost('credentials', credentials, credentialsTimeoutMs);
  const origin = endpoint.replace(/\/+$/, '');
  const common = { method: 'POST', date: new Date(nowMs), nonce: nonce() } as const;
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

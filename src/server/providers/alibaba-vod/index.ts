import type { StoredPart, Attachment, SignedRequest, Transfer } from '../../../protocol/index.js';
import {
  defaultRegion,
  maxFileSizeBytes,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
  vodEndpoint,
} from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import { checkLedger } from '../../ledger.js';
import { allOrAbort } from '../../limit.js';
import {
  mediaIdOf,
  type CallContext,
  type Completed,
  type Provider,
  type Session,
  type Signed,
  type Started,
  type StartUpload,
} from '../../provider.js';
import { defaultRetryPolicy, defaultRetryTools, repeatTransient } from '../../retry.js';
import { presignOssV1 } from '../../signing/oss-v1.js';
import { presignOssV4 } from '../../signing/oss-v4.js';
import {
  checkAttachments,
  coverContentTypes,
  prepare,
  subtitleFormats,
  type Prepared,
} from './attachments.js';
import { createVodClient, type VodClient } from './client.js';
import { createParams, placeParams } from './create-params.js';
import { mediaDetails } from './details.js';
import { hasCode } from './errors.js';
import { fileExtensions } from './file-type.js';
import { createJoiner } from './join.js';
import { createKeeper } from './keeper.js';
import { checkOptions, uploadOptionsSchema, type AlibabaVodOptions } from './options.js';
import { createOssClient, type OssClient } from './oss.js';
import { stateOf, type AlibabaVodState, type Target } from './state.js';
import { isStored } from './status.js';
import { readGrant } from './upload-auth.js';

export type { AlibabaUploadOptions, AlibabaVodOptions } from './options.js';
export type { AlibabaVodState } from './state.js';

const defaultTimeoutMs = 15_000;
const defaultSinglePutMaxBytes = 5 * 1024 ** 2;
/** No limit is published; as many as the protocol carries beside a cover. */
const maxSubtitles = 16;

/**
 * ApsaraVideo VOD of Alibaba Cloud: one PUT to OSS for small files, parts for others, presigned on the server with the
 * upload's own temporary credentials. There is no call that confirms an upload: the store tells the service by itself.
 * Throws `TypeError` for settings that cannot work.
 *
 * @example
 * alibabaVod({ region: 'cn-shanghai', credentials: { accessKeyId, accessKeySecret }, templateGroupId });
 */
export function alibabaVod(options: AlibabaVodOptions): Provider<AlibabaVodState> {
  checkOptions(options);
  const {
    id = 'alibaba-vod',
    region = defaultRegion,
    now = Date.now,
    singlePutMaxBytes = defaultSinglePutMaxBytes,
    discarded = 'delete',
  } = options;
  const { vod, oss } = assemble(options, region, now);
  const keeper = createKeeper(vod, { region, now });
  const joiner = createJoiner(oss, { listParts: options.listParts !== false });
  const tools = { vod, oss, region, now };

  return {
    id,
    capabilities: {
      checksum: 'none',
      singlePutMaxBytes,
      parts: { minSizeBytes: minPartSizeBytes, maxSizeBytes: maxPartSizeBytes, maxCount: maxPartCount },
      signing: 'ahead',
      maxFileSizeBytes,
      extensions: [...fileExtensions],
      cover: { contentTypes: coverContentTypes, when: 'any' },
      subtitles: { formats: [...subtitleFormats], maxCount: maxSubtitles, when: 'any' },
      canReplace: false,
    },
    options: uploadOptionsSchema,

    async start(upload, context) {
      const params = createParams(upload, options);
      if (upload.sizeBytes > maxFileSizeBytes)
        throw new EndpointError('file-refused', {
          detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.`,
        });
      const attachments = upload.attachments ?? [];
      checkAttachments(attachments);
      const prepared = await prepareAll(
        attachments,
        placeParams({ ...options, ...(upload.options && { options: upload.options }) }),
        context,
      );
      const coverUrl = prepared.find((one) => one.coverUrl !== undefined)?.coverUrl;
      const created = await vod.createVideo(
        { ...params, ...(coverUrl !== undefined && { CoverURL: coverUrl }) },
        context,
      );
      try {
        const target = readGrant(created, 'CreateUploadVideo', { region, nowMs: now() });
        const started = await open(created.VideoId, target, upload, context);
        const state = withAttached(started.state, prepared);
        return {
          ...started,
          state,
          ...(prepared.length > 0 && { attachments: prepared.map(({ request }) => request) }),
        };
      } catch (error) {
        await giveUp(created.VideoId, context);
        throw error;
      }
    },

    async sign(session, parts, context): Promise<Signed<AlibabaVodState>> {
      const before = stateOf(session);
      const renewed = await keeper.fresh(session, before, context);
      if (renewed.kind === 'moved')
        return { outcome: 'restarted', started: await reopen(session, before, renewed.target, context) };
      const { state } = renewed;
      const requests = parts.map((part) => signPart(state, part));
      return { outcome: 'signed', requests, ...(state !== before && { state }) };
    },

    async attach(session, attachments, context) {
      const before = stateOf(session);
      checkAttachments(attachments);
      const prepared = await prepareAll(attachments, placeParams(options), context);
      const state = withAttached(before, prepared);
      const coverUrl = prepared.find((one) => one.coverUrl !== undefined)?.coverUrl;
      const isBound = coverUrl === undefined || (await bindCover(mediaIdOf(session), coverUrl, context));
      // While the video uploads, the service may refuse to change anything of it: then it is done once it has arrived.
      const pending =
        coverUrl === undefined
          ? state
          : isBound
            ? withoutPending(state)
            : { ...state, pendingCoverUrl: coverUrl };
      return {
        requests: prepared.map(({ request }) => request),
        ...(pending !== before && { state: pending }),
      };
    },

    async list(session, context) {
      const state = stateOf(session);
      if (state.kind === 'single') return [];
      return keeper.use(
        session,
        state,
        (fresh) =>
          fresh.kind === 'single'
            ? Promise.resolve<StoredPart[] | undefined>([])
            : joiner.list(fresh, context),
        context,
      );
    },

    async complete(session, parts, { isRepeat }, context): Promise<Completed> {
      const state = stateOf(session);
      checkLedger(parts, session.sizeBytes);
      const whole = { outcome: 'completed', sizeBytes: session.sizeBytes } as const;
      if (state.kind === 'single') return whole;
      try {
        const differing = await keeper.use(
          session,
          state,
          (fresh) => (fresh.kind === 'single' ? Promise.resolve([]) : joiner.join(fresh, parts, context)),
          context,
        );
        return differing.length > 0 ? { outcome: 'parts-differ', partNumbers: differing } : whole;
      } catch (error) {
        if (!isRepeat || !isGone(error)) throw error;
        // The upload is gone: because an earlier call joined it, if the service has the bytes.
        if ((await statusOf(mediaIdOf(session), context)) !== 'stored') throw error;
        return whole;
      }
    },

    async abort(session, context) {
      const state = stateOf(session);
      if (state.kind === 'single') return;
      await keeper
        .use(
          session,
          state,
          (fresh) => (fresh.kind === 'single' ? Promise.resolve() : oss.abort(fresh, context)),
          context,
        )
        .catch((error: unknown) => {
          // Nobody has the keys to an object that moved, nor to one whose video is gone; the service clears fragments away itself.
          if (!isGone(error)) throw error;
        });
    },

    async confirm(session, status, context) {
      const state = stateOf(session);
      const mediaId = mediaIdOf(session);
      if (status !== 'uploaded') return discard(mediaId, context);
      if (state.pendingCoverUrl === undefined) return undefined;
      // A refusal for good is no reason to call the upload failed: the video is there, only its cover is not.
      const isBound = await bindCover(mediaId, state.pendingCoverUrl, context);
      return isBound ? { state: withoutPending(state) } : undefined;
    },

    details: (sessions, context) =>
      mediaDetails(
        vod,
        sessions,
        { provider: id, whenStored: options.whenStored ?? 'ready', playUrls: options.playUrls !== false },
        context,
      ),
  };

  function prepareAll(
    attachments: readonly Attachment[],
    place: Record<string, string>,
    context: CallContext,
  ): Promise<Prepared[]> {
    return allOrAbort(attachments, context.signal, (attachment, signal) =>
      prepare(attachment, { ...tools, place }, { ...context, signal }),
    );
  }

  async function open(
    mediaId: string,
    target: Target,
    upload: StartUpload,
    context: CallContext,
  ): Promise<Started<AlibabaVodState>> {
    if (upload.sizeBytes > singlePutMaxBytes) {
      const uploadId = await oss.initiate(target, upload.contentType || 'application/octet-stream', context);
      return { mediaId, transfer: multipartTransfer, state: { kind: 'multipart', ...target, uploadId } };
    }
    const state: AlibabaVodState = { kind: 'single', ...target };
    const part = { partNumber: 1, ...(upload.md5Base64 !== undefined && { md5Base64: upload.md5Base64 }) };
    return { mediaId, transfer: { kind: 'single' }, state, signed: [signPart(state, part)] };
  }

  /** Refreshed, the service named another object: what is stored under the old one is of no use. */
  async function reopen(
    session: Session<AlibabaVodState>,
    before: AlibabaVodState,
    target: Target,
    context: CallContext,
  ): Promise<Started<AlibabaVodState>> {
    const upload = {
      clientId: session.id,
      fileName: session.fileName,
      sizeBytes: session.sizeBytes,
      contentType: '',
    };
    const started = await open(mediaIdOf(session), target, upload, context);
    const { pendingCoverUrl, subtitles } = before;
    return {
      ...started,
      signed: [],
      state: {
        ...started.state,
        ...(pendingCoverUrl !== undefined && { pendingCoverUrl }),
        ...(subtitles && { subtitles }),
      },
    };
  }

  function signPart(
    state: AlibabaVodState,
    { partNumber, md5Base64 }: { partNumber: number; md5Base64?: string | undefined },
  ): SignedRequest {
    if (state.kind === 'single' && partNumber !== 1)
      throw new EndpointError('invalid-request', { detail: 'A single upload has only part 1.' });
    const query: Record<string, string> =
      state.kind === 'single' ? {} : { partNumber: String(partNumber), uploadId: state.uploadId };
    // A slice of a file has no type, but a whole one does, and what a browser adds would not be what was signed.
    const headers = {
      'content-type': 'application/octet-stream',
      ...(md5Base64 !== undefined && { 'content-md5': md5Base64 }),
    };
    return { partNumber, method: 'PUT', ...oss.presignPut(state, query, headers) };
  }

  /** False where the service refuses; passing failures are thrown. */
  async function bindCover(mediaId: string, coverUrl: string, context: CallContext): Promise<boolean> {
    try {
      await vod.setCover(mediaId, coverUrl, context);
      return true;
    } catch (error) {
      if (!(error instanceof EndpointError) || repeatTransient(error)) throw error;
      return false;
    }
  }

  /** Only media whose bytes never arrived: a completion whose answer was lost must not end in a deletion. */
  async function discard(mediaId: string, context: CallContext): Promise<undefined> {
    if (discarded === 'keep') return undefined;
    const status = await statusOf(mediaId, context);
    if (status === 'stored')
      throw new EndpointError('media-state-conflict', {
        detail: 'The upload of this video has succeeded already.',
      });
    if (status === 'open') await vod.deleteVideo(mediaId, context);
    return undefined;
  }

  async function statusOf(mediaId: string, context: CallContext): Promise<'open' | 'stored' | 'missing'> {
    const { UploadDetails } = await vod.uploadDetails([mediaId], context);
    const detail = (UploadDetails ?? []).find(({ MediaId }) => MediaId === mediaId);
    if (!detail) return 'missing';
    return isStored(detail.Status) ? 'stored' : 'open';
  }

  /** Nobody will hear of a video whose start failed, so it goes at once. What went wrong first is what is told. */
  async function giveUp(mediaId: string, context: CallContext): Promise<void> {
    if (discarded === 'keep') return;
    const { signal } = new AbortController();
    await vod.deleteVideo(mediaId, { ...context, signal }).catch(() => undefined);
  }
}

const multipartTransfer: Transfer = { kind: 'multipart', minPartSizeBytes, maxPartSizeBytes, maxPartCount };

function assemble(
  options: AlibabaVodOptions,
  region: string,
  now: () => number,
): { vod: VodClient; oss: OssClient } {
  const {
    credentials,
    timeoutMs = defaultTimeoutMs,
    retry = {},
    signature = 'v3',
    ossSignature = 'v4',
  } = options;
  const shared = {
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    now,
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  };
  const vod = createVodClient({
    ...shared,
    signature,
    endpoint: options.endpoint ?? vodEndpoint(region),
    credentials: typeof credentials === 'function' ? credentials : () => credentials,
    nonce: options.nonce ?? (() => crypto.randomUUID()),
  });
  return {
    vod,
    oss: createOssClient({
      ...shared,
      presign: ossSignature === 'v1' ? presignOssV1 : presignOssV4,
      completeTimeoutMs: timeoutMs * 4,
    }),
  };
}

/** An attachment that is made again takes the place of its first attempt. */
function withAttached(state: AlibabaVodState, prepared: readonly Prepared[]): AlibabaVodState {
  const made = prepared.flatMap(({ subtitle }) => (subtitle ? [subtitle] : []));
  if (made.length === 0) return state;
  const kept = (state.subtitles ?? []).filter(({ attachmentId }) =>
    made.every((one) => one.attachmentId !== attachmentId),
  );
  return { ...state, subtitles: [...kept, ...made] };
}

function withoutPending({ pendingCoverUrl: _, ...state }: AlibabaVodState): AlibabaVodState {
  return state;
}

/** The store no longer knows the multipart upload, or the service no longer knows the video. */
function isGone(error: unknown): boolean {
  return (
    hasCode(error, 'NoSuchUpload', 'InvalidVideo.NotFound', 'InvalidVideo.Damaged') ||
    (error instanceof EndpointError && error.code === 'upload-not-found')
  );
}

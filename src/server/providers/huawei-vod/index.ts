import type { SignedRequest } from '../../../protocol/index.js';
import {
  infoMaxIds,
  maxPartCount,
  maxSubtitles,
  minPartSizeBytes,
  recommendedMaxPartSizeBytes,
  singlePutMaxBytes as vodSinglePutMaxBytes,
  subtitleTypes,
  updateVideoTypes,
} from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { allOrAbort } from '../../limit.js';
import {
  mediaIdOf,
  type CallContext,
  type Completed,
  type Provider,
  type Session,
  type Signed,
  type Started,
  type StartFields,
  type StartUpload,
} from '../../provider.js';
import { defaultRetryPolicy, defaultRetryTools } from '../../retry.js';
import { createVodClient, type VodClient } from './client.js';
import { confirmUpload, outcomeError, readOutcome } from './confirm.js';
import { attachmentRequests, defaultLanguageCode, planAttachments } from './attachments.js';
import { checkOptions, createFields, updateFields } from './create-fields.js';
import { putContentType, videoTypeOf } from './file-type.js';
import { checkLedger } from '../../ledger.js';
import { createMultipart, maxFileSizeBytes, multipartTransfer, type Multipart } from './multipart.js';
import { createObsClient } from './obs.js';
import type { HuaweiVodOptions } from './options.js';
import { checkUrl, remainingMs, targetOf } from './presigned.js';
import { stateOf, type Extras, type HuaweiVodState, type ObjectAddress, type SingleState } from './state.js';
import { toMediaDetails } from './status.js';
import { uploadOptionsSchema, type HuaweiVodUploadOptions } from './upload-options.js';
import type { UpdatedAsset } from './wire.js';

export type { ContentTypeRule } from './file-type.js';
export type { HuaweiVodOptions } from './options.js';
export type { HuaweiVodState } from './state.js';
export type { HuaweiVodUploadOptions } from './upload-options.js';

const defaultTimeoutMs = 15_000;
/** A URL about to end is not worth giving: the browser needs time to begin. */
const minLifetimeMs = 30_000;

/**
 * Huawei Cloud VOD: one PUT up to 20 MB, parts by temporary authority above, confirmed as CREATED, FAILED or CANCELLED.
 * Throws `TypeError` for settings that cannot work.
 *
 * @example
 * huaweiVod({ projectId, region: 'cn-north-4', credentials: { accessKey, secretKey }, templateGroupName: 'web' });
 */
export function huaweiVod(options: HuaweiVodOptions): Provider<HuaweiVodState> {
  checkOptions(options);
  const { id = 'huawei-vod', now = Date.now, singlePutMaxBytes = vodSinglePutMaxBytes } = options;
  const { vod, multipart } = assemble(options, now);
  const { subtitleLanguage = defaultLanguageCode } = options;

  return {
    id,
    capabilities: {
      checksum: 'none',
      singlePutMaxBytes,
      parts: {
        minSizeBytes: minPartSizeBytes,
        maxSizeBytes: recommendedMaxPartSizeBytes,
        maxCount: maxPartCount,
      },
      signing: 'on-demand',
      maxFileSizeBytes,
      cover: { contentTypes: ['image/jpeg', 'image/png'], when: 'any' },
      subtitles: {
        formats: subtitleTypes.map((type) => type.toLowerCase()),
        maxCount: maxSubtitles,
        when: 'any',
      },
      canReplace: true,
    },
    options: uploadOptionsSchema,
    async start(upload, context) {
      const videoType = videoTypeOf(upload.fileName, upload.contentType);
      if (upload.sizeBytes > maxFileSizeBytes)
        throw new EndpointError('file-refused', {
          detail: `Files of more than ${maxFileSizeBytes} bytes are not taken.`,
        });
      const isSingle = upload.sizeBytes <= singlePutMaxBytes;
      // Only a single PUT is compared with it; of parts each has its own.
      const videoMd5 = isSingle && options.sendVideoMd5 !== false ? upload.md5Base64 : undefined;
      const { attachments = [] } = upload;
      const { fields, subtitles } = planAttachments(attachments, [], subtitleLanguage);
      const target = await openAsset(upload, videoType, videoMd5, fields, context);
      const { assetId, answer } = target;
      try {
        const extras: Extras = {
          isTranscoded: isTranscoding(upload, options),
          ...(subtitles.length > 0 && { subtitles: [...subtitles] }),
        };
        const address = { ...target.address, contentType: putContentType(videoType, 'table') };
        const started = isSingle
          ? startSingle(assetId, answer.video_upload_url, address, videoType, videoMd5, options, now)
          : await startMultipart(assetId, upload, address, context);
        const requests = attachmentRequests(attachments, answer, now());
        return {
          ...started,
          state: { ...started.state, ...extras },
          ...(requests.length > 0 && { attachments: requests }),
        };
      } catch (error) {
        await giveUp(assetId, context);
        throw error;
      }
    },

    async attach(session, attachments, context) {
      const state = stateOf(session);
      const { fields, subtitles } = planAttachments(attachments, state.subtitles ?? [], subtitleLanguage);
      const answer = await vod.update({ asset_id: mediaIdOf(session), ...fields }, context);
      return {
        requests: attachmentRequests(attachments, answer, now()),
        state: { ...state, subtitles: [...subtitles] },
      };
    },

    async sign(session, parts, context) {
      const state = stateOf(session);
      if (state.kind === 'multipart')
        return { outcome: 'signed', requests: await multipart.sign(state, parts, context) };
      if (remainingMs(state.url, now()) > minLifetimeMs)
        return {
          outcome: 'signed',
          requests: parts.map(({ partNumber }) => singleRequest(state, partNumber, now())),
        };
      return restart(session, state, context);
    },

    async list(session, context) {
      const state = stateOf(session);
      return state.kind === 'single' ? [] : multipart.list(state, context);
    },

    async complete(session, parts, { isRepeat }, context): Promise<Completed> {
      const state = stateOf(session);
      checkLedger(parts, session.sizeBytes);
      const whole = { outcome: 'completed', sizeBytes: session.sizeBytes } as const;
      if (state.kind === 'single') return whole;
      try {
        const joined = await multipart.join(state, parts, context);
        if ('differing' in joined) return { outcome: 'parts-differ', partNumbers: joined.differing };
        return { ...whole, ...(joined.eTag !== undefined && { eTag: joined.eTag }) };
      } catch (error) {
        if (!isRepeat || !isGone(error)) throw error;
        await expectCompleted(mediaIdOf(session), error, context);
        return whole;
      }
    },

    async abort(session, context) {
      const state = stateOf(session);
      if (state.kind === 'single') return;
      await multipart.abort(state, context).catch((error: unknown) => {
        // No authority for an asset that is not uploading: its parts are joined or discarded. Confirming tells which.
        if (!isGone(error)) throw error;
      });
    },

    confirm: (session, status, context) => confirmUpload(vod, mediaIdOf(session), status, context),

    async details(sessions, context) {
      const ids = [...new Set(sessions.map(mediaIdOf))];
      const batches = Array.from({ length: Math.ceil(ids.length / infoMaxIds) }, (_, i) =>
        ids.slice(i * infoMaxIds, (i + 1) * infoMaxIds),
      );
      const infos = await allOrAbort(batches, context.signal, (batch, signal) =>
        vod.infos(batch, { ...context, signal }),
      );
      const found = new Map(infos.flat().map((info) => [info.asset_id, info]));
      return sessions.map((session) => {
        const info = found.get(mediaIdOf(session));
        const { isTranscoded = isTranscoding({}, options) } = stateOf(session);
        return info
          ? toMediaDetails(info, { provider: id, isTranscoded })
          : new EndpointError('media-not-found');
      });
    },
  };

  /** The asset to upload into: the one of an upload that failed, if its state allows that, or a new one. */
  async function openAsset(
    upload: StartUpload<HuaweiVodState>,
    videoType: string,
    videoMd5: string | undefined,
    attached: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<OpenedAsset> {
    const replaced = upload.replaces?.mediaId;
    if (upload.replaces && replaced !== undefined && isUpdatable(videoType)) {
      const { location } = stateOf(upload.replaces);
      try {
        const answer = await vod.update(
          { ...updateFields(upload, replaced, videoType, videoMd5), ...attached },
          context,
        );
        const address = targetOf(checkUrl(answer.video_upload_url, 'update asset'), 'update asset');
        return { assetId: replaced, answer, address: { ...address, ...(location && { location }) } };
      } catch (error) {
        // Not failed after all, or deleted meanwhile: what was asked for is an upload, under whatever id.
        if (
          !(error instanceof EndpointError) ||
          !['media-state-conflict', 'media-not-found'].includes(error.code)
        )
          throw error;
      }
    }
    const answer = await vod.create(
      { ...createFields(upload, videoType, videoMd5, options), ...attached },
      context,
    );
    const { bucket, object, location } = answer.target;
    return {
      assetId: answer.asset_id,
      answer,
      address: { bucket, objectKey: object, ...(location && { location }) },
    };
  }

  async function startMultipart(
    mediaId: string,
    upload: StartFields,
    address: ObjectAddress,
    context: CallContext,
  ): Promise<Started<HuaweiVodState>> {
    return {
      mediaId,
      transfer: multipartTransfer(upload.sizeBytes),
      state: await multipart.open(address, context),
    };
  }

  /** Nobody will hear of an asset whose start failed, so it is reported at once, even when the browser has gone. What went wrong first is what is told. */
  async function giveUp(mediaId: string, context: CallContext): Promise<void> {
    const { signal } = new AbortController();
    await vod.confirm(mediaId, 'FAILED', { ...context, signal }).catch(() => undefined);
  }

  /** A single URL cannot be renewed, but the same object can be written in parts, at any size. */
  async function restart(
    session: Session<HuaweiVodState>,
    state: SingleState,
    context: CallContext,
  ): Promise<Signed<HuaweiVodState>> {
    const { subtitles, isTranscoded } = state;
    const opened = {
      ...(await multipart.open(state, context)),
      ...(subtitles && { subtitles }),
      ...(isTranscoded !== undefined && { isTranscoded }),
    };
    return {
      outcome: 'restarted',
      started: { mediaId: session.mediaId, transfer: multipartTransfer(session.sizeBytes), state: opened },
    };
  }

  /** The upload is gone. Unless the asset was given up, that is because an earlier call joined it. */
  async function expectCompleted(mediaId: string, cause: unknown, context: CallContext): Promise<void> {
    const outcome = await readOutcome(vod, mediaId, context);
    if (outcome === 'ended' || outcome === 'missing') throw outcomeError(outcome, cause);
  }
}

function assemble(options: HuaweiVodOptions, now: () => number): { vod: VodClient; multipart: Multipart } {
  const {
    projectId,
    region,
    credentials,
    authorityVersion = 'v1.1',
    obsBaseUrl,
    timeoutMs = defaultTimeoutMs,
    retry = {},
  } = options;
  const shared = {
    // Looked up per call, so that tests and instrumentation may replace the global.
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    now,
    timeoutMs,
    retryPolicy: { ...defaultRetryPolicy, ...retry },
    retryTools: { ...defaultRetryTools, now, ...retry },
  };
  const endpoint = options.endpoint ?? `https://vod.${region}.myhuaweicloud.com`;
  const vod = createVodClient({ ...shared, endpoint, projectId, credentials, authorityVersion });
  const obs = createObsClient({ ...shared, completeTimeoutMs: timeoutMs * 4 });
  return { vod, multipart: createMultipart(vod, obs, { obsBaseUrl, region }, now) };
}

interface OpenedAsset {
  readonly assetId: string;
  readonly answer: Omit<UpdatedAsset, 'asset_id'>;
  readonly address: Omit<ObjectAddress, 'contentType'>;
}

/** Whether a transcoding is asked for, so that a file that has merely arrived is not ready yet. */
function isTranscoding(upload: Pick<StartFields, 'options'>, options: HuaweiVodOptions): boolean {
  const { templateGroupName, workflowName } = {
    ...options,
    ...(upload.options as HuaweiVodUploadOptions | undefined),
  };
  return Boolean(templateGroupName ?? workflowName);
}

/** Fewer containers can replace a video than can be one. */
function isUpdatable(videoType: string): boolean {
  return (updateVideoTypes as readonly string[]).includes(videoType);
}

/** "Example 1": the URL came with the asset. */
function startSingle(
  assetId: string,
  videoUploadUrl: string | null | undefined,
  address: ObjectAddress,
  videoType: string,
  videoMd5: string | undefined,
  { contentTypeRule = 'table' }: HuaweiVodOptions,
  now: () => number,
): Started<HuaweiVodState> {
  const url = checkUrl(videoUploadUrl, 'create asset');
  const headersBy = (rule: 'table' | 'seed') => ({
    'Content-Type': putContentType(videoType, rule),
    ...(videoMd5 !== undefined && { 'Content-MD5': videoMd5 }),
  });
  const headers = headersBy(contentTypeRule);
  const fallbackHeaders = headersBy(contentTypeRule === 'table' ? 'seed' : 'table');
  const differs = fallbackHeaders['Content-Type'] !== headers['Content-Type'];
  const state: SingleState = {
    kind: 'single',
    ...address,
    url,
    headers,
    ...(differs && { fallbackHeaders }),
  };
  return { mediaId: assetId, transfer: { kind: 'single' }, state, signed: [singleRequest(state, 1, now())] };
}

function singleRequest(
  { url, headers, fallbackHeaders }: SingleState,
  partNumber: number,
  nowMs: number,
): SignedRequest {
  if (partNumber !== 1)
    throw new EndpointError('invalid-request', { detail: 'A single upload has only part 1.' });
  return {
    partNumber,
    method: 'PUT',
    url,
    headers,
    ...(fallbackHeaders && { fallbackHeaders }),
    expiresInMs: remainingMs(url, nowMs),
  };
}

/** The store no longer knows the multipart upload, or VOD no longer lets anybody at it. */
function isGone(error: unknown): boolean {
  return (
    error instanceof EndpointError &&
    (error.code === 'upload-not-found' || error.code === 'media-state-conflict')
  );
}

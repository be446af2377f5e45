import type { SentPart } from '../../../protocol/index.js';
import {
  descriptionMaxBytes,
  infoMaxIds,
  maxPartCount,
  maxSubtitles,
  minPartSizeBytes,
  recommendedMaxPartSizeBytes,
  subtitleTypes,
  titleMaxBytes,
} from '../../../vendors/huawei-vod.js';
import { checkSentParts } from '../../compare-parts.js';
import { EndpointError } from '../../errors.js';
import { inBatches } from '../../kit/fields.js';
import { hasProblem } from '../../kit/refusal.js';
import { onlyOne } from '../../kit/session.js';
import { transcodes } from '../../kit/transcodes.js';
import { allOrAbort } from '../../limit.js';
import { mediaIdOf, type CallContext, type Completed, type Provider, type Session } from '../../provider.js';
import { UnheardCompletion } from '../../store/client.js';
import { metaFields } from './asset-fields.js';
import { attach } from './attach.js';
import {
  confirmSingle,
  confirmUpload,
  expectOpen,
  notSaidYet,
  outcomeError,
  outcomeOfUnheard,
} from './confirm.js';
import { toMediaDetails } from './details.js';
import { createImports, importStateOf } from './imports.js';
import { maxFileSizeBytes } from './multipart.js';
import { checkOptions, maxTagBytes, maxTags, uploadOptionsSchema, type HuaweiVodOptions } from './options.js';
import { remainingMs } from './presigned.js';
import { setUp, type Setup } from './setup.js';
import { singleRequest } from './single.js';
import { isTranscoding, restartInParts, start } from './start.js';
import { stateOf, type HuaweiVodState } from './state.js';
import { discardUnfinished, listUnfinished } from './unfinished.js';

export type { ContentTypeRule } from './file-type.js';
export type { HuaweiVodOptions, HuaweiVodUploadOptions } from './options.js';
export type { HuaweiVodState } from './state.js';

/** A URL about to expire is not handed out: the browser needs time to begin. */
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
  const setup = setUp(options);
  const { id, vod, multipart, now } = setup;

  return {
    id,
    capabilities: capabilitiesOf(setup),
    options: uploadOptionsSchema,
    start: (upload, context) => start(setup, upload, context),
    attach: (session, attachments, context) =>
      attach(setup, { session, state: stateOf(session) }, attachments, context),
    async update(session, update, context) {
      await vod.updateMeta(metaFields(mediaIdOf(session), update), context);
    },
    async sign(session, parts, context) {
      const state = stateOf(session);
      if (state.kind === 'multipart')
        return { outcome: 'signed', requests: await multipart.sign(state, parts, context) };
      // The URL of the whole object goes on being good after the end: it is given out only before.
      await expectOpen(vod, mediaIdOf(session), context);
      if (remainingMs(state.url, now()) <= minLifetimeMs)
        return { outcome: 'expired', restart: (context) => restartInParts(setup, session, state, context) };
      const requests = parts.map(({ partNumber }) => singleRequest(state, partNumber, now()));
      return { outcome: 'signed', requests };
    },
    async list(session, context) {
      const state = stateOf(session);
      return state.kind === 'single' ? [] : multipart.list(state, context);
    },
    complete: (session, parts, { isRepeat }, context) =>
      complete(setup, session, { parts, isRepeat }, context),
    async abort(session, context) {
      const state = stateOf(session);
      if (state.kind === 'single') return;
      await multipart.abort(state, context).catch((error: unknown) => {
        // No authority for an asset that is not uploading: its parts are completed or discarded. Confirming tells which.
        if (!isGone(error)) throw error;
      });
    },
    async confirm(session, status, context) {
      if (status === 'uploaded' && stateOf(session).kind === 'single')
        await confirmSingle(setup, { assetId: mediaIdOf(session), sizeBytes: session.sizeBytes }, context);
      else await confirmUpload(vod, mediaIdOf(session), status, context);
    },
    imports: createImports(setup),
    listUnfinished: (before, context) => listUnfinished(vod, before, context),
    discardUnfinished: (upload, context) => discardUnfinished(vod, upload, context),
    probe: async (context) => void (await vod.infos(['0'.repeat(32)], context)),
    details: async (sessions, context) => {
      const media = sessions.map((session) => ({
        mediaId: mediaIdOf(session),
        isTranscoded: (session.link ? importStateOf(session) : stateOf(session)).isTranscoded,
      }));
      return await details(setup, media, context);
    },
    lookUp: async (mediaId, context) => onlyOne(await details(setup, [{ mediaId }], context)),
  };
}

function capabilitiesOf({ singlePutMaxBytes, options }: Setup): Provider['capabilities'] {
  return {
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
    updates: {
      title: { maxLength: titleMaxBytes, unit: 'bytes' },
      description: { maxLength: descriptionMaxBytes, unit: 'bytes' },
      tags: { maxLength: maxTagBytes, unit: 'bytes', maxCount: maxTags },
    },
    canReplace: true,
    transcodes: transcodes(options, options.templateGroupName, options.workflowName),
    import: { progress: 'states', cancel: 'never', attachments: ['cover', 'subtitle'] },
  };
}

async function complete(
  setup: Setup,
  session: Session<HuaweiVodState>,
  { parts, isRepeat }: { readonly parts: readonly SentPart[]; readonly isRepeat: boolean },
  context: CallContext,
): Promise<Completed> {
  const { multipart } = setup;
  const state = stateOf(session);
  checkSentParts(parts, session.sizeBytes);
  const whole = { outcome: 'completed', sizeBytes: session.sizeBytes } as const;
  if (state.kind === 'single') return whole;
  try {
    const completion = await multipart.complete(state, parts, context);
    if ('differing' in completion) return { outcome: 'parts-differ', partNumbers: completion.differing };
    return { ...whole, eTag: completion.eTag };
  } catch (error) {
    const isUnheard = isRepeat || error instanceof UnheardCompletion;
    if (!isUnheard || !isGone(error)) throw error;
    // The upload is gone: because an earlier attempt has completed it, if the asset says so.
    const outcome = await outcomeOfUnheard(setup, mediaIdOf(session), context);
    if (outcome === 'open') throw notSaidYet(error);
    if (outcome !== 'uploaded') throw outcomeError(outcome, error);
    return whole;
  }
}

async function details(
  { id, vod, options }: Setup,
  media: readonly { readonly mediaId: string; readonly isTranscoded?: boolean | undefined }[],
  context: CallContext,
) {
  const batches = inBatches([...new Set(media.map(({ mediaId }) => mediaId))], infoMaxIds);
  const infos = await allOrAbort(batches, context.signal, (batch, signal) =>
    vod.infos(batch, { ...context, signal }),
  );
  const found = new Map(infos.flat().map((info) => [info.asset_id, info]));
  return media.map(({ mediaId, isTranscoded = isTranscoding({}, options) }) => {
    const info = found.get(mediaId);
    return info ? toMediaDetails(info, { provider: id, isTranscoded }) : new EndpointError('media-not-found');
  });
}

/** The store no longer knows the multipart upload, or VOD no longer grants access to it. */
function isGone(error: unknown): boolean {
  return hasProblem(error, 'upload-not-found', 'media-state-conflict');
}

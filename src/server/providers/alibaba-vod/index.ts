import type { Attachment, SentPart } from '../../../protocol/index.js';
import {
  descriptionMaxLength,
  maxFileSizeBytes,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
  putMaxBytes,
  tagMaxLength,
  tagsMaxCount,
  titleMaxLength,
  untranscodedGroupId,
} from '../../../vendors/alibaba-vod.js';
import { checkSentParts } from '../../compare-parts.js';
import { EndpointError } from '../../errors.js';
import { hasProblem, hasVendorCode } from '../../kit/refusal.js';
import { onlyOne } from '../../kit/session.js';
import { differsFrom, sizeRefused } from '../../kit/stored-size.js';
import { transcodes } from '../../kit/transcodes.js';
import {
  mediaIdOf,
  type Attached,
  type CallContext,
  type Completed,
  type Provider,
  type Session,
} from '../../provider.js';
import { askUntil, repeatTransient } from '../../retry.js';
import { UnheardCompletion } from '../../store/client.js';
import { checkAttachments, coverContentTypes, subtitleFormats } from './attachments.js';
import { placeParams, updateParams } from './create-params.js';
import { isStored } from './details.js';
import { fileExtensions } from './file-type.js';
import { createImports, importStateOf } from './imports.js';
import { completeMultipart, listParts } from './multipart.js';
import { checkOptions, uploadOptionsSchema, type AlibabaVodOptions } from './options.js';
import { mediaDetails } from './query-details.js';
import { setUp, type Setup } from './setup.js';
import { coverUrlOf, partSigner, prepareAll, restart, start, withSubtitles } from './start.js';
import { stateOf, type AlibabaVodState } from './state.js';
import { listUnfinished } from './unfinished.js';

export type { AlibabaUploadOptions, AlibabaVodOptions } from './options.js';
export type { AlibabaVodState } from './state.js';

/** No limit is published; as many as the protocol carries beside a cover. */
const maxSubtitles = 16;

/**
 * ApsaraVideo VOD of Alibaba Cloud: one PUT to OSS for small files, parts for others, presigned on the server with the
 * upload's own temporary credentials. There is no call that confirms an upload: the store notifies the service.
 * Throws `TypeError` for settings that cannot work.
 *
 * @example
 * alibabaVod({ region: 'cn-shanghai', credentials: { accessKeyId, accessKeySecret }, templateGroupId });
 */
export function alibabaVod(options: AlibabaVodOptions): Provider<AlibabaVodState> {
  checkOptions(options);
  const setup = setUp(options);
  const { id, store, renewal } = setup;

  const detailsSettings = {
    provider: id,
    whenStored: options.whenStored ?? 'ready',
    playUrls: options.playUrls !== false,
  } as const;
  return {
    id,
    capabilities: capabilitiesOf(setup),
    options: uploadOptionsSchema,
    start: (upload, context) => start(setup, upload, context),
    async sign(session, parts, context) {
      // Renewed keys, and a URL for the whole object, are for an upload that has not ended.
      if (renewal.isNearEnd(session) || stateOf(session).kind === 'single')
        await expectOpen(setup, mediaIdOf(session), context);
      const renewed = await renewal.fresh(session, context);
      if (renewed.kind === 'moved') {
        const { target } = renewed;
        return { outcome: 'expired', restart: (context) => restart(setup, session, target, context) };
      }
      const { state, isRenewed } = renewed;
      const requests = parts.map(partSigner(state, setup.signing));
      return { outcome: 'signed', requests, state: isRenewed ? state : undefined };
    },
    async update(session, update, context) {
      await setup.vod.updateInfo(mediaIdOf(session), updateParams(update), context);
    },
    attach: (session, attachments, context) => attach(setup, session, attachments, context),
    async list(session, context) {
      if (stateOf(session).kind === 'single') return [];
      return renewal.use(
        session,
        async (state) => (state.kind === 'single' ? [] : listParts(setup, state, context)),
        context,
      );
    },
    complete: (session, parts, { isRepeat }, context) =>
      complete(setup, session, { parts, isRepeat }, context),
    async abort(session, context) {
      if (stateOf(session).kind === 'single') return;
      const abort = async (state: AlibabaVodState) => {
        if (state.kind === 'multipart')
          await store.abort({ target: state, uploadId: state.uploadId }, context);
      };
      await renewal.use(session, abort, context).catch((error: unknown) => {
        // There are no keys to an object that moved, nor to one whose video is gone; the service clears fragments away.
        if (!isGone(error)) throw error;
      });
    },
    async confirm(session, status, context) {
      if (status !== 'uploaded') return discard(setup, mediaIdOf(session), context);
      const { pendingCoverUrl, ...state } = stateOf(session);
      if (pendingCoverUrl === undefined) return undefined;
      // A final refusal does not make the upload failed: the video is there, only its cover is missing.
      const isBound = await bindCover(
        setup,
        { mediaId: mediaIdOf(session), coverUrl: pendingCoverUrl },
        context,
      );
      return isBound ? { state } : undefined;
    },
    listUnfinished: (before, context) => listUnfinished(setup.vod, before, context),
    async discardUnfinished({ id: mediaId }, context) {
      const status = await uploadStatus(setup, mediaId, context);
      if (status === 'open') await setup.vod.deleteVideo(mediaId, context);
      return status !== 'stored';
    },
    probe: async (context) => void (await setup.vod.uploadDetails(['0'.repeat(32)], context)),
    imports: createImports(setup),
    details: async (sessions, context) =>
      await mediaDetails(setup.vod, sessions.map(toMedia), detailsSettings, context),
    lookUp: async (mediaId, context) =>
      onlyOne(await mediaDetails(setup.vod, [{ mediaId }], detailsSettings, context)),
  };
}

function capabilitiesOf({ singlePutMaxBytes, options }: Setup): Provider['capabilities'] {
  const { templateGroupId } = options;
  const transcodingGroup = templateGroupId === untranscodedGroupId ? undefined : templateGroupId;
  return {
    checksum: 'none',
    singlePutMaxBytes,
    parts: { minSizeBytes: minPartSizeBytes, maxSizeBytes: maxPartSizeBytes, maxCount: maxPartCount },
    signing: 'ahead',
    maxFileSizeBytes,
    extensions: [...fileExtensions],
    cover: { contentTypes: coverContentTypes, maxSizeBytes: putMaxBytes, when: 'any' },
    subtitles: { formats: [...subtitleFormats], maxCount: maxSubtitles, when: 'any' },
    updates: {
      title: { maxLength: titleMaxLength, unit: 'bytes' },
      description: { maxLength: descriptionMaxLength, unit: 'bytes' },
      tags: { maxLength: tagMaxLength, unit: 'bytes', maxCount: tagsMaxCount },
    },
    canReplace: false,
    transcodes: transcodes(options, options.workflowId ?? transcodingGroup),
    import: { progress: 'states', cancel: 'waiting', attachments: ['cover', 'subtitle'] },
  };
}

function toMedia(session: Session<AlibabaVodState>) {
  return {
    mediaId: mediaIdOf(session),
    attachedMedia: (session.link ? importStateOf(session) : stateOf(session)).subtitles,
  };
}

async function attach(
  setup: Setup,
  session: Session<AlibabaVodState>,
  attachments: readonly Attachment[],
  context: CallContext,
): Promise<Attached<AlibabaVodState>> {
  const before = stateOf(session);
  checkAttachments(attachments);
  const prepared = await prepareAll(setup, { attachments, place: placeParams(setup.options) }, context);
  const requests = prepared.map(({ request }) => request);
  const state = withSubtitles(before, prepared);
  const coverUrl = coverUrlOf(prepared);
  if (coverUrl === undefined) return { requests, state: state === before ? undefined : state };
  const isBound = await bindCover(setup, { mediaId: mediaIdOf(session), coverUrl }, context);
  // While the video uploads, the service may refuse to change it: then the cover is set once the video is stored.
  return { requests, state: { ...state, pendingCoverUrl: isBound ? undefined : coverUrl } };
}

async function complete(
  setup: Setup,
  session: Session<AlibabaVodState>,
  { parts, isRepeat }: { readonly parts: readonly SentPart[]; readonly isRepeat: boolean },
  context: CallContext,
): Promise<Completed> {
  checkSentParts(parts, session.sizeBytes);
  const whole = { outcome: 'completed', sizeBytes: session.sizeBytes } as const;
  const statusWhenSaid = () =>
    askUntil(
      () => uploadStatus(setup, mediaIdOf(session), context),
      (status) => status !== 'open',
      setup.tools,
      context,
    );
  // No call reads the object of an upload: the service has to say that it is there.
  if (stateOf(session).kind === 'single') {
    if ((await statusWhenSaid()) !== 'stored') return { outcome: 'parts-differ', partNumbers: [1] };
    await expectSize(setup, session, context);
    return whole;
  }
  try {
    const partNumbers = await setup.renewal.use(
      session,
      async (state) => (state.kind === 'single' ? [] : completeMultipart(setup, state, parts, context)),
      context,
    );
    if (partNumbers.length > 0) return { outcome: 'parts-differ', partNumbers };
  } catch (error) {
    const isUnheard = isRepeat || error instanceof UnheardCompletion;
    if (!isUnheard || !isGone(error)) throw error;
    // The upload is gone: because an earlier attempt has completed it, if the service has the bytes. The store tells it.
    if ((await statusWhenSaid()) !== 'stored') throw error;
  }
  await expectSize(setup, session, context);
  return whole;
}

/** No signature of OSS holds a length: what the service says of the stored file is compared with what was declared. */
async function expectSize(
  { vod, keepsDiscarded }: Setup,
  session: Session<AlibabaVodState>,
  context: CallContext,
): Promise<void> {
  const mediaId = mediaIdOf(session);
  const storedBytes = await vod.storedSize(mediaId, context);
  if (!differsFrom(session.sizeBytes, storedBytes)) return;
  if (!keepsDiscarded) await vod.deleteVideo(mediaId, context);
  throw sizeRefused(session.sizeBytes, storedBytes);
}

/** False where the service refuses for good; transient failures are thrown. */
async function bindCover(
  { vod }: Setup,
  { mediaId, coverUrl }: { readonly mediaId: string; readonly coverUrl: string },
  context: CallContext,
): Promise<boolean> {
  try {
    await vod.setCover(mediaId, coverUrl, context);
    return true;
  } catch (error) {
    if (!(error instanceof EndpointError) || repeatTransient(error)) throw error;
    return false;
  }
}

/** Deletes only media whose bytes never arrived: a completion whose reply was lost must not end in a deletion. */
async function discard(setup: Setup, mediaId: string, context: CallContext): Promise<undefined> {
  if (setup.keepsDiscarded) return undefined;
  const status = await uploadStatus(setup, mediaId, context);
  if (status === 'stored')
    throw new EndpointError('media-state-conflict', {
      detail: 'The upload of this video has succeeded already.',
    });
  if (status === 'open') await setup.vod.deleteVideo(mediaId, context);
  return undefined;
}

async function expectOpen(setup: Setup, mediaId: string, context: CallContext): Promise<void> {
  if ((await uploadStatus(setup, mediaId, context)) !== 'stored') return;
  throw new EndpointError('media-state-conflict', {
    detail: 'The upload of this video has succeeded already.',
  });
}

async function uploadStatus(
  { vod }: Setup,
  mediaId: string,
  context: CallContext,
): Promise<'open' | 'stored' | 'missing'> {
  const { UploadDetails } = await vod.uploadDetails([mediaId], context);
  const detail = (UploadDetails ?? []).find(({ MediaId }) => MediaId === mediaId);
  if (!detail) return 'missing';
  return isStored(detail.Status) ? 'stored' : 'open';
}

/** The store no longer knows the multipart upload, or the service no longer knows the video. */
function isGone(error: unknown): boolean {
  return (
    hasVendorCode(error, 'NoSuchUpload', 'InvalidVideo.NotFound', 'InvalidVideo.Damaged') ||
    hasProblem(error, 'upload-not-found')
  );
}

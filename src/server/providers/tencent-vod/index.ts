import type { Attachment, SentPart, SignedAttachment } from '../../../protocol/index.js';
import {
  descriptionMaxLength,
  maxPutBytes,
  mediaNameMaxLength,
  tagMaxLength,
  tagsMaxCount,
} from '../../../vendors/tencent-vod.js';
import { checkSentParts } from '../../compare-parts.js';
import { EndpointError } from '../../errors.js';
import { hasProblem } from '../../kit/refusal.js';
import { onlyOne } from '../../kit/session.js';
import { differsFrom, sizeRefused } from '../../kit/stored-size.js';
import { transcodes } from '../../kit/transcodes.js';
import type { CallContext, Completed, Confirmed, Provider, Session } from '../../provider.js';
import { UnheardCompletion } from '../../store/client.js';
import { commit, findCommitted } from './commit.js';
import { coverContentTypes, mediaTypes } from './file-type.js';
import { createImports, subAppIdOf } from './imports.js';
import { modify } from './modify.js';
import type { TencentVodOptions } from './options.js';
import { isSpent } from './presign.js';
import { mediaDetails } from './query-details.js';
import { setUp, type Setup } from './setup.js';
import { restart, start } from './start.js';
import { isMultipart, stateOf, type TencentVodState } from './state.js';
import { listParts, objectSize } from './store.js';
import {
  completeMultipart,
  coverState,
  maxFileSizeBytes,
  partLimits,
  signCover,
  signParts,
} from './transfer.js';

export type { TencentVodOptions, UploadOptions as TencentUploadOptions } from './options.js';
export type { TencentVodState } from './state.js';

/**
 * Tencent Cloud VOD: ApplyUpload, one PUT or parts to COS under the temporary certificate that it gives, CommitUpload.
 * The media id is known only after the commit.
 *
 * The certificate lives two hours at the most and cannot be renewed: applying again assigns another object in the store.
 * An upload that takes longer is started again from nothing, and so is its cover. The vendor has no call that reports an upload as
 * failed or canceled: the parts are discarded, and what was applied for lapses.
 *
 * Throws `TypeError` for settings that cannot work.
 *
 * @example
 * tencentVod({ credentials: { secretId, secretKey }, subAppId: 1500012345, procedure: 'web' });
 */
export function tencentVod(options: TencentVodOptions): Provider<TencentVodState> {
  const setup = setUp(options);
  const { store, now, addressing } = setup;

  return {
    id: setup.id,
    capabilities: capabilitiesOf(setup),
    options: setup.schema,
    start: (upload, context) => start(setup, upload, context),
    async sign(session, parts, context) {
      const state = stateOf(session);
      const isExpired = isSpent(state.certificate, now());
      // A new place, and a URL for the whole object, are for an upload that is not committed.
      if (isExpired || !isMultipart(state)) await expectUncommitted(setup, session, context);
      if (isExpired)
        return { outcome: 'expired', restart: (context) => restart(setup, session, state, context) };
      return { outcome: 'signed', requests: signParts(state, parts, addressing) };
    },
    update: (session, update, context) => modify(setup, session, update, context),
    attach: (session, attachments) =>
      new Promise((resolve) => {
        const state = stateOf(session);
        resolve({ requests: attachments.map((attachment) => signAttachment(setup, state, attachment)) });
      }),
    async list(session, context) {
      const state = stateOf(session);
      // Parts that can no longer be completed count as none.
      if (!isMultipart(state) || session.mediaId !== undefined || isSpent(state.certificate, now()))
        return [];
      const stored = await listParts(store, state, context);
      return stored === 'denied' ? undefined : stored;
    },
    complete: (session, parts, { isRepeat }, context) =>
      complete(setup, session, { parts, isRepeat }, context),
    async abort(session, context) {
      const state = stateOf(session);
      // Parts cannot be discarded without the certificate; VOD's own buckets do so after a while.
      if (isMultipart(state) && session.mediaId === undefined && state.certificate.expiresAt * 1000 > now())
        await store.abort({ target: state, uploadId: state.uploadId }, context);
    },
    confirm: (session, status, context) => confirm(setup, session, status, context),
    probe: async (context) => void (await setup.vod.describe(['0'], options.subAppId, context)),
    imports: createImports(setup),
    details: async (sessions, context) => {
      const media = sessions.map((session) => ({
        mediaId: session.mediaId,
        subAppId: subAppIdOf(session),
      }));
      return await mediaDetails(setup, media, context);
    },
    lookUp: async (mediaId, context) =>
      onlyOne(await mediaDetails(setup, [{ mediaId, subAppId: options.subAppId }], context)),
  };
}

function capabilitiesOf({ singlePutMaxBytes, options }: Setup): Provider['capabilities'] {
  return {
    checksum: 'none',
    singlePutMaxBytes,
    parts: partLimits,
    signing: 'ahead',
    signsBeforeHash: true,
    maxFileSizeBytes,
    extensions: [...mediaTypes],
    cover: { contentTypes: [...coverContentTypes], maxSizeBytes: maxPutBytes, when: 'start' },
    updates: {
      title: { maxLength: mediaNameMaxLength, unit: 'characters' },
      description: { maxLength: descriptionMaxLength, unit: 'characters' },
      tags: { maxLength: tagMaxLength, unit: 'characters', maxCount: tagsMaxCount },
    },
    canReplace: false,
    transcodes: transcodes(options, options.procedure),
    import: { progress: 'percent', cancel: 'waiting' },
  };
}

function signAttachment(
  { now, addressing }: Setup,
  state: TencentVodState,
  attachment: Attachment,
): SignedAttachment {
  if (attachment.kind !== 'cover' || !state.cover)
    throw new EndpointError('not-supported', { detail: 'A cover has to be named when the upload starts.' });
  if (isSpent(state.certificate, now()))
    throw new EndpointError('upload-not-found', { detail: 'The certificate of this upload has expired.' });
  return signCover(state, coverState(state.cover.path, attachment), addressing);
}

async function complete(
  setup: Setup,
  session: Session<TencentVodState>,
  { parts, isRepeat }: { readonly parts: readonly SentPart[]; readonly isRepeat: boolean },
  context: CallContext,
): Promise<Completed> {
  const { sizeBytes, mediaId } = session;
  const state = stateOf(session);
  checkSentParts(parts, sizeBytes);
  const whole = { outcome: 'completed', sizeBytes } as const;
  if (mediaId !== undefined) return whole;
  if (!isMultipart(state)) return completeSingle(setup, session, context);
  if (isSpent(state.certificate, setup.now())) {
    if (isRepeat && (await isCommitted(setup, state, context))) return whole;
    return { outcome: 'parts-differ', partNumbers: parts.map(({ partNumber }) => partNumber) };
  }
  try {
    const completion = await completeMultipart(setup.store, state, parts, context);
    if ('differing' in completion) return { outcome: 'parts-differ', partNumbers: completion.differing };
    await expectSize(setup, session, context);
    return { ...whole, eTag: completion.eTag };
  } catch (error) {
    const isUnheard = isRepeat || error instanceof UnheardCompletion;
    if (isUnheard && isGone(error) && (await isStored(setup, state, sizeBytes, context))) return whole;
    throw error;
  }
}

/** Committing only works on an object that is there; its size has to be asked for. */
async function completeSingle(
  setup: Setup,
  session: Session<TencentVodState>,
  context: CallContext,
): Promise<Completed> {
  if (isSpent(stateOf(session).certificate, setup.now()))
    return { outcome: 'completed', sizeBytes: session.sizeBytes };
  const stored = await expectSize(setup, session, context);
  return stored === 'missing'
    ? { outcome: 'parts-differ', partNumbers: [1] }
    : { outcome: 'completed', sizeBytes: session.sizeBytes };
}

/** Refuses an object of another size than was declared, where the certificate allows the question: it is not committed, and lapses. */
async function expectSize(
  { store }: Setup,
  session: Session<TencentVodState>,
  context: CallContext,
): Promise<number | 'missing' | 'denied'> {
  const stored = await objectSize(store, stateOf(session), context);
  if (typeof stored === 'number' && differsFrom(session.sizeBytes, stored))
    throw sizeRefused(session.sizeBytes, stored);
  return stored;
}

async function confirm(
  setup: Setup,
  session: Session<TencentVodState>,
  status: 'uploaded' | 'failed' | 'canceled',
  context: CallContext,
): Promise<Confirmed<TencentVodState> | undefined> {
  const state = stateOf(session);
  if (status === 'uploaded') return { mediaId: session.mediaId ?? (await commit(setup.vod, state, context)) };
  await expectUncommitted(setup, session, context);
  return undefined;
}

/** A ticket of before the commit does not know of it. */
async function expectUncommitted(
  { vod }: Setup,
  session: Session<TencentVodState>,
  context: CallContext,
): Promise<void> {
  if (session.mediaId === undefined && (await findCommitted(vod, stateOf(session), context)) === undefined)
    return;
  throw new EndpointError('media-state-conflict', {
    detail: 'The upload of this media was confirmed already.',
  });
}

/** Whether a multipart upload that is gone was completed. */
async function isStored(
  setup: Setup,
  state: TencentVodState,
  sizeBytes: number,
  context: CallContext,
): Promise<boolean> {
  const stored = await objectSize(setup.store, state, context);
  return stored === 'denied' ? isCommitted(setup, state, context) : stored === sizeBytes;
}

/** Asks by committing, which only works on an object that is there, and may be repeated. */
async function isCommitted({ vod }: Setup, state: TencentVodState, context: CallContext): Promise<boolean> {
  try {
    await commit(vod, state, context);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** The store no longer knows the multipart upload, or VOD finds no object. */
function isGone(error: unknown): boolean {
  return hasProblem(error, 'upload-not-found');
}

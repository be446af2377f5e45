import type { Attachment, PartToSign, SignedRequest, Transfer } from '../../../protocol/index.js';
import {
  maxFileSizeBytes,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
} from '../../../vendors/alibaba-vod.js';
import { mediaContentType } from '../../kit/file-type.js';
import { checkFileSize, checkSinglePart } from '../../kit/session.js';
import { allOrAbort } from '../../limit.js';
import { mediaIdOf, type CallContext, type Session, type Started, type StartUpload } from '../../provider.js';
import { extensionOf } from '../../text.js';
import { checkAttachments, prepareAttachment, type PreparedAttachment } from './attachments.js';
import { createParams, placeParams, type Params } from './create-params.js';
import { readGrant } from './grant.js';
import type { Setup } from './setup.js';
import { stateOf, type AlibabaVodState, type Target } from './state.js';
import { putPresigner } from './store.js';

/** OSS, "PutObject": 409 FileAlreadyExists where there is an object. */
const forbidOverwriteHeader = 'x-oss-forbid-overwrite';
const multipartTransfer: Transfer = { kind: 'multipart', minPartSizeBytes, maxPartSizeBytes, maxPartCount };

/** Creates the video with its cover and subtitles, and opens the transfer into it. */
export async function start(
  setup: Setup,
  upload: StartUpload,
  context: CallContext,
): Promise<Started<AlibabaVodState>> {
  const { options, vod, region, now } = setup;
  const params = createParams(upload, options);
  checkFileSize(upload, maxFileSizeBytes);
  const { attachments = [] } = upload;
  checkAttachments(attachments);
  const place = placeParams({ ...options, options: upload.options });
  const prepared = await prepareAll(setup, { attachments, place }, context);
  const coverUrl = coverUrlOf(prepared);
  const created = await vod.createVideo(
    // The coverUrl of the options stays where the start brings no cover.
    coverUrl === undefined ? params : { ...params, CoverURL: coverUrl },
    context,
  );
  try {
    const target = readGrant(created, 'CreateUploadVideo', { region, nowMs: now() });
    const started = await open(setup, { ...upload, mediaId: created.VideoId, target }, context);
    return {
      ...started,
      state: withSubtitles(started.state, prepared),
      attachments: prepared.length > 0 ? prepared.map(({ request }) => request) : undefined,
    };
  } catch (error) {
    await deleteQuietly(setup, created.VideoId, context);
    throw error;
  }
}

export function prepareAll(
  setup: Setup,
  { attachments, place }: { readonly attachments: readonly Attachment[]; readonly place: Params },
  context: CallContext,
): Promise<PreparedAttachment[]> {
  return allOrAbort(attachments, context.signal, (attachment, signal) =>
    prepareAttachment(attachment, { ...setup, place }, { ...context, signal }),
  );
}

export function coverUrlOf(prepared: readonly PreparedAttachment[]): string | undefined {
  return prepared.find((one) => one.coverUrl !== undefined)?.coverUrl;
}

/** A subtitle that is made again replaces its first attempt. */
export function withSubtitles<State extends Pick<AlibabaVodState, 'subtitles'>>(
  state: State,
  prepared: readonly PreparedAttachment[],
): State {
  const made = prepared.flatMap(({ subtitle }) => (subtitle ? [subtitle] : []));
  if (made.length === 0) return state;
  const kept = (state.subtitles ?? []).filter(({ attachmentId }) =>
    made.every((one) => one.attachmentId !== attachmentId),
  );
  return { ...state, subtitles: [...kept, ...made] };
}

interface TransferToOpen extends Pick<StartUpload, 'sizeBytes' | 'md5Base64'> {
  readonly mediaId: string;
  readonly target: Target;
}

async function open(
  { store, singlePutMaxBytes, signing }: Setup,
  { mediaId, target, sizeBytes, md5Base64 }: TransferToOpen,
  context: CallContext,
): Promise<Started<AlibabaVodState>> {
  if (sizeBytes > singlePutMaxBytes) {
    const headers = { 'content-type': mediaContentType(extensionOf(target.key)) };
    const uploadId = await store.initiate(target, headers, context);
    return { mediaId, transfer: multipartTransfer, state: { kind: 'multipart', ...target, uploadId } };
  }
  const state: AlibabaVodState = { kind: 'single', ...target };
  const signed = [partSigner(state, signing)({ partNumber: 1, md5Base64 })];
  return { mediaId, transfer: { kind: 'single' }, state, signed };
}

/** On renewal the service has assigned another object: what is stored under the old one is of no use. */
export async function restart(
  setup: Setup,
  session: Session<AlibabaVodState>,
  target: Target,
  context: CallContext,
): Promise<Started<AlibabaVodState>> {
  const { sizeBytes } = session;
  const started = await open(setup, { mediaId: mediaIdOf(session), target, sizeBytes }, context);
  const { pendingCoverUrl, subtitles } = stateOf(session);
  return { ...started, signed: [], state: { ...started.state, pendingCoverUrl, subtitles } };
}

export function partSigner(
  state: AlibabaVodState,
  signing: Setup['signing'],
): (part: Pick<PartToSign, 'partNumber' | 'md5Base64'>) => SignedRequest {
  const presign = putPresigner(state, signing);
  return ({ partNumber, md5Base64 }) => {
    if (state.kind === 'single') checkSinglePart(partNumber);
    const query: Record<string, string> =
      state.kind === 'single' ? {} : { partNumber: String(partNumber), uploadId: state.uploadId };
    // A slice of a file has no type, but a whole file does, and the one that the browser adds would not be the signed one.
    const headers = {
      'content-type': 'application/octet-stream',
      // Each header that is there as a key is signed.
      ...(md5Base64 !== undefined && { 'content-md5': md5Base64 }),
      // The URL is good for one object: what is stored, and may have been told to the host, is not replaced with it.
      ...(state.kind === 'single' && { [forbidOverwriteHeader]: 'true' }),
    };
    return { partNumber, method: 'PUT', ...presign({ query, headers }) };
  };
}

/** The browser never learns of a video whose start failed, so it is deleted at once. The first error is the one answered. */
async function deleteQuietly(
  { vod, keepsDiscarded }: Setup,
  mediaId: string,
  context: CallContext,
): Promise<void> {
  if (keepsDiscarded) return;
  const { signal } = new AbortController();
  await vod.deleteVideo(mediaId, { ...context, signal }).catch(() => undefined);
}

import { updateVideoTypes } from '../../../vendors/huawei-vod.js';
import { hasProblem } from '../../kit/refusal.js';
import { checkFileSize } from '../../kit/session.js';
import type { CallContext, Session, Started, StartFields, StartUpload } from '../../provider.js';
import { createFields, updateFields, type VideoFile } from './asset-fields.js';
import { attachmentRequests, planAttachments } from './attachments.js';
import { confirmUpload, isOpen } from './confirm.js';
import { putContentType, videoTypeOf } from './file-type.js';
import { maxFileSizeBytes } from './multipart.js';
import type { HuaweiVodOptions, HuaweiVodUploadOptions } from './options.js';
import { checkUrl, targetOf } from './presigned.js';
import type { Setup } from './setup.js';
import { startSingle } from './single.js';
import { stateOf, type HuaweiVodState, type ObjectAddress, type SingleState } from './state.js';
import type { UpdatedAsset } from './wire.js';

/** Creates or updates the asset and opens the transfer into it. */
export async function start(
  setup: Setup,
  upload: StartUpload<HuaweiVodState>,
  context: CallContext,
): Promise<Started<HuaweiVodState>> {
  const { options, now, subtitleLanguage } = setup;
  const videoType = videoTypeOf(upload);
  checkFileSize(upload, maxFileSizeBytes);
  const isSingle = upload.sizeBytes <= setup.singlePutMaxBytes;
  // Only a single PUT is compared with it; each part has an MD5 of its own.
  const videoMd5 = isSingle && options.sendVideoMd5 !== false ? upload.md5Base64 : undefined;
  const file = { videoType, videoMd5 };
  const { attachments = [] } = upload;
  const { fields, subtitles } = planAttachments(attachments, [], subtitleLanguage);
  const { assetId, answer, address: target } = await openAsset(setup, { upload, file, fields }, context);
  try {
    const address = { ...target, contentType: putContentType(videoType, 'table') };
    const started = isSingle
      ? startSingle(setup, { assetId, url: answer.video_upload_url, address, file })
      : await startMultipart(setup, { assetId, sizeBytes: upload.sizeBytes, address }, context);
    const requests = attachmentRequests(attachments, answer, now());
    const state: HuaweiVodState = {
      ...started.state,
      isTranscoded: isTranscoding(upload, options),
      subtitles: subtitles.length > 0 ? [...subtitles] : undefined,
    };
    return { ...started, state, attachments: requests.length > 0 ? requests : undefined };
  } catch (error) {
    await reportFailed(setup, assetId, context);
    throw error;
  }
}

interface OpenedAsset {
  readonly assetId: string;
  readonly answer: Omit<UpdatedAsset, 'asset_id'>;
  readonly address: Omit<ObjectAddress, 'contentType'>;
}

interface AssetRequest {
  readonly upload: StartUpload<HuaweiVodState>;
  readonly file: VideoFile;
  /** Of covers and subtitles. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The asset to upload into: that of the failed upload to replace, if its state allows that, or a new one. */
async function openAsset(setup: Setup, request: AssetRequest, context: CallContext): Promise<OpenedAsset> {
  const { upload, file, fields } = request;
  const { replaces } = upload;
  if (replaces?.mediaId !== undefined && isUpdatable(file.videoType)) {
    try {
      return await reopenAsset(setup, { ...request, replaces, assetId: replaces.mediaId }, context);
    } catch (error) {
      // It has not failed after all, or was deleted meanwhile: the upload goes to a new asset.
      if (!hasProblem(error, 'media-state-conflict', 'media-not-found')) throw error;
    }
  }
  const answer = await setup.vod.create({ ...createFields(upload, file, setup.options), ...fields }, context);
  const { bucket, object: objectKey, location } = answer.target;
  return {
    assetId: answer.asset_id,
    answer,
    address: { bucket, objectKey, location: location || undefined },
  };
}

interface Reopening extends AssetRequest {
  readonly replaces: Session<HuaweiVodState>;
  readonly assetId: string;
}

/**
 * An update opens the asset again, and the service refuses to update one that is open. So an update whose answer was lost
 * is refused when it is repeated, and nothing would ever end the asset: it is reported as failed and updated once more.
 */
async function reopenAsset(setup: Setup, request: Reopening, context: CallContext): Promise<OpenedAsset> {
  const { assetId } = request;
  try {
    return await updateAsset(setup, request, context);
  } catch (error) {
    if (hasProblem(error, 'vendor-unavailable')) await reportFailed(setup, assetId, context);
    if (!hasProblem(error, 'media-state-conflict') || !(await isOpen(setup.vod, assetId, context)))
      throw error;
    await confirmUpload(setup.vod, assetId, 'failed', context);
    return await updateAsset(setup, request, context);
  }
}

async function updateAsset(
  { vod }: Setup,
  { upload, file, fields, replaces, assetId }: Reopening,
  context: CallContext,
): Promise<OpenedAsset> {
  const { location } = stateOf(replaces);
  const answer = await vod.update({ ...updateFields(upload, assetId, file), ...fields }, context);
  const address = targetOf(checkUrl(answer.video_upload_url, 'update asset'), 'update asset');
  return { assetId, answer, address: { ...address, location } };
}

async function startMultipart(
  { multipart }: Setup,
  upload: { readonly assetId: string; readonly sizeBytes: number; readonly address: ObjectAddress },
  context: CallContext,
): Promise<Started<HuaweiVodState>> {
  const { assetId: mediaId, sizeBytes, address } = upload;
  return { mediaId, ...(await multipart.open(address, sizeBytes, context)) };
}

/** A single URL cannot be renewed, but the same object can be uploaded in parts, at any size. */
export async function restartInParts(
  { multipart }: Setup,
  { mediaId, sizeBytes }: Session<HuaweiVodState>,
  state: SingleState,
  context: CallContext,
): Promise<Started<HuaweiVodState>> {
  const { subtitles, isTranscoded } = state;
  const opened = await multipart.open(state, sizeBytes, context);
  return { mediaId, transfer: opened.transfer, state: { ...opened.state, subtitles, isTranscoded } };
}

/** The browser never learns of an asset whose start failed, so it is reported as failed at once, even after a disconnect. The first error is the one answered. */
async function reportFailed({ vod }: Setup, assetId: string, context: CallContext): Promise<void> {
  const { signal } = new AbortController();
  await vod.confirm(assetId, 'FAILED', { ...context, signal }).catch(() => undefined);
}

/** Whether transcoding is requested, so that an asset that is only uploaded is not ready yet. */
export function isTranscoding(upload: Pick<StartFields, 'options'>, options: HuaweiVodOptions): boolean {
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

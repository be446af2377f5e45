import type { MediaDetails } from '../../../protocol/index.js';
import { maxIds } from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import { inBatches } from '../../kit/fields.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient } from '../../retry.js';
import type { VodClient } from './client.js';
import {
  isStored,
  toMediaDetails,
  toStatus,
  type PlayInfo,
  type UploadDetail,
  type VideoInfo,
} from './details.js';

export interface DetailsSettings {
  readonly provider: string;
  readonly whenStored: 'ready' | 'processing';
  readonly playUrls: boolean;
}

export interface Medium {
  readonly mediaId: string;
  /** Subtitles that its upload has created. */
  readonly attachedMedia?: readonly unknown[] | undefined;
}

type Found = UploadDetail | EndpointError;

/**
 * "GetUploadDetails" for all, 20 to a call; then, of what has arrived, "GetVideoInfos" for length and cover, 20 to a
 * call; then, of what can be played, "GetPlayInfo", which takes one.
 */
export async function mediaDetails(
  vod: VodClient,
  media: readonly Medium[],
  settings: DetailsSettings,
  context: CallContext,
): Promise<(MediaDetails | EndpointError)[]> {
  const found = await uploadDetails(vod, [...new Set(media.map(({ mediaId }) => mediaId))], context);
  const details = [...found.values()].filter((one): one is UploadDetail => !(one instanceof EndpointError));
  const arrived = details.filter(({ Status }) => isStored(Status));
  const videos = await videoInfos(
    vod,
    arrived.map(({ MediaId }) => MediaId),
    context,
  );
  const playable = settings.playUrls
    ? details.filter(({ Status }) => toStatus(Status, settings) === 'ready')
    : [];
  const plays = new Map(
    await Promise.all(
      playable.map(async ({ MediaId }) => [MediaId, await playInfo(vod, MediaId, context)] as const),
    ),
  );
  return media.map(({ mediaId, attachedMedia }) => {
    const detail = found.get(mediaId) ?? new EndpointError('media-not-found');
    if (detail instanceof EndpointError) return detail;
    const [video, play] = [videos.get(detail.MediaId), plays.get(detail.MediaId)];
    const failure = [video, play].find((one) => one instanceof EndpointError);
    if (failure instanceof EndpointError) return failure;
    return toMediaDetails(
      {
        detail,
        video: video as VideoInfo | undefined,
        play: play as PlayInfo | undefined,
        attachedMedia,
      },
      settings,
    );
  });
}

/** By media id, never by position. Ids that these keys may not see and unknown ids are different problems. */
async function uploadDetails(
  vod: VodClient,
  ids: readonly string[],
  context: CallContext,
): Promise<Map<string, Found>> {
  const answers = await allOrAbort(inBatches(ids, maxIds), context.signal, (batch, signal) =>
    vod.uploadDetails(batch, { ...context, signal }),
  );
  return new Map(
    answers.flatMap(({ ForbiddenMediaIds, NonExistMediaIds, UploadDetails }): [string, Found][] => [
      ...(NonExistMediaIds ?? []).map((id): [string, Found] => [id, new EndpointError('media-not-found')]),
      ...(ForbiddenMediaIds ?? []).map((id): [string, Found] => [id, new EndpointError('media-forbidden')]),
      ...(UploadDetails ?? []).map((detail): [string, Found] => [detail.MediaId, detail]),
    ]),
  );
}

async function videoInfos(
  vod: VodClient,
  ids: readonly string[],
  context: CallContext,
): Promise<Map<string, VideoInfo | EndpointError>> {
  const ask = async (batch: readonly string[]): Promise<[string, VideoInfo | EndpointError][]> => {
    const infos = await optionalData(() => vod.videoInfos(batch, context));
    if (infos instanceof EndpointError) return batch.map((id) => [id, infos]);
    return (infos ?? []).map((info) => [info.VideoId, info]);
  };
  return new Map((await Promise.all(inBatches(ids, maxIds).map(ask))).flat());
}

function playInfo(
  vod: VodClient,
  id: string,
  context: CallContext,
): Promise<PlayInfo | EndpointError | undefined> {
  return optionalData(() => vod.playInfo(id, context));
}

/**
 * Optional data: after a final refusal (no permission, encrypted only, no stream) the details go without. A transient
 * failure is answered instead, because `ready` is asked for only once.
 */
async function optionalData<T>(ask: () => Promise<T>): Promise<T | EndpointError | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return repeatTransient(error) ? error : undefined;
  }
}

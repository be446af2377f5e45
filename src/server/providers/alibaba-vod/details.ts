import * as v from 'valibot';
import type { MediaDetails, MediaStatus } from '../../../protocol/index.js';
import type { VodStatus } from '../../../vendors/alibaba-vod.js';
import { compact } from '../../kit/fields.js';
import { optionalNumber, optionalText } from './wire.js';

export const uploadDetailSchema = v.looseObject({
  MediaId: v.string(),
  Status: v.string(),
  UploadStatus: optionalText,
  FileSize: optionalNumber,
  UploadSize: optionalNumber,
  UploadRatio: optionalNumber,
  CreationTime: optionalText,
});
export type UploadDetail = v.InferOutput<typeof uploadDetailSchema>;

const ids = v.nullish(v.array(v.string()), []);
export const uploadDetailsSchema = v.object({
  ForbiddenMediaIds: ids,
  NonExistMediaIds: ids,
  UploadDetails: v.nullish(v.array(uploadDetailSchema), []),
});
export type UploadDetails = v.InferOutput<typeof uploadDetailsSchema>;

export const videoInfoSchema = v.looseObject({
  VideoId: v.string(),
  Duration: optionalNumber,
  CoverURL: optionalText,
  Size: optionalNumber,
  CreationTime: optionalText,
});
export type VideoInfo = v.InferOutput<typeof videoInfoSchema>;
export const videoInfosSchema = v.object({ VideoList: v.nullish(v.array(videoInfoSchema), []) });

const playSchema = v.looseObject({
  PlayURL: optionalText,
  Format: optionalText,
  Status: optionalText,
  Width: optionalNumber,
  Height: optionalNumber,
  Duration: optionalNumber,
});
export const playInfoSchema = v.looseObject({
  PlayInfoList: v.nullish(v.looseObject({ PlayInfo: v.nullish(v.array(playSchema), []) })),
});
export type PlayInfo = v.InferOutput<typeof playInfoSchema>;

/** "Basic structures", Status: the status of a video. `stored`: there, and whether anything follows depends on the account. */
const statuses: Readonly<Record<VodStatus, MediaStatus | 'stored'>> = {
  Uploading: 'uploading',
  UploadFail: 'failed',
  UploadSucc: 'stored',
  Transcoding: 'processing',
  TranscodeFail: 'failed',
  Checking: 'processing',
  Blocked: 'failed',
  Normal: 'ready',
  ProduceFail: 'failed',
};

const reasons: Partial<Record<VodStatus, string>> = {
  UploadFail: 'The upload failed.',
  TranscodeFail: 'Transcoding failed; the source may be damaged.',
  Blocked: 'The video is blocked.',
  ProduceFail: 'Producing the video failed.',
};

export interface StatusOptions {
  readonly whenStored: 'ready' | 'processing';
}

/** An undocumented status means that the bytes have arrived and that the video cannot be played yet. */
export function toStatus(status: string, { whenStored }: StatusOptions): MediaStatus {
  const known = isVodStatus(status) ? statuses[status] : 'processing';
  return known === 'stored' ? whenStored : known;
}

/** Whether the bytes have arrived; the one confirmation there is. */
export function isStored(status: string): boolean {
  return status !== 'Uploading' && status !== 'UploadFail';
}

export interface Sources {
  readonly detail: UploadDetail;
  readonly video?: VideoInfo | undefined;
  readonly play?: PlayInfo | undefined;
  /** Subtitles created by this upload, which the service does not link to the video. */
  readonly attachedMedia?: readonly unknown[] | undefined;
}

export function toMediaDetails(
  { detail, video, play, attachedMedia }: Sources,
  options: StatusOptions & { provider: string },
): MediaDetails {
  const { MediaId: mediaId, Status } = detail;
  const status = toStatus(Status, options);
  const outputs = play?.PlayInfoList?.PlayInfo ?? [];
  return {
    mediaId,
    provider: options.provider,
    status,
    ...compact({
      sizeBytes: detail.FileSize || video?.Size || undefined,
      durationSeconds: video?.Duration || outputs[0]?.Duration || undefined,
      width: outputs[0]?.Width,
      height: outputs[0]?.Height,
      coverUrl: video?.CoverURL,
      playUrls: playUrls(outputs),
      uploadRatio: isStored(Status) ? 1 : ratioOf(detail),
      createdAt: detail.CreationTime ?? video?.CreationTime,
    }),
    failure:
      status === 'failed'
        ? { code: Status, reason: (isVodStatus(Status) ? reasons[Status] : undefined) ?? Status }
        : undefined,
    vendor: {
      ...detail,
      ...compact({
        Video: video,
        PlayInfo: outputs.length > 0 ? outputs : undefined,
        AttachedMedia: attachedMedia?.length ? attachedMedia : undefined,
      }),
    },
  };
}

/** A fraction of 1, where the service reports it, or from the sizes where they make sense. */
function ratioOf({ UploadRatio, UploadSize, FileSize }: UploadDetail): number | undefined {
  const ratio =
    UploadRatio ?? (typeof UploadSize === 'number' && FileSize ? UploadSize / FileSize : undefined);
  return ratio === undefined ? undefined : Math.min(1, Math.max(0, ratio));
}

const formatRank: readonly string[] = ['m3u8', 'mpd', 'mp4'];
const formatNames: Readonly<Record<string, string>> = { m3u8: 'hls', mpd: 'dash' };

/** Adaptive outputs first. */
function playUrls(outputs: NonNullable<PlayInfo['PlayInfoList']>['PlayInfo']): MediaDetails['playUrls'] {
  const rank = (format: string) =>
    (formatRank.indexOf(format) + formatRank.length + 1) % (formatRank.length + 1);
  const found = (outputs ?? [])
    .flatMap(({ PlayURL, Format, Status }) =>
      PlayURL && Status !== 'Invisible' ? [{ url: PlayURL, format: (Format ?? '').toLowerCase() }] : [],
    )
    .sort((a, b) => rank(a.format) - rank(b.format))
    .map(({ url, format }) => ({ url, format: formatNames[format] ?? format }));
  return found.length > 0 ? found : undefined;
}

function isVodStatus(status: string): status is VodStatus {
  return Object.hasOwn(statuses, status);
}

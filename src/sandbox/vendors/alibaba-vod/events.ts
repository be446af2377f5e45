import type { Vod } from './call.js';
import type { Video } from './media.js';
import type { UrlJob } from './url-jobs.js';

/** "Event notifications": FileUploadComplete, and TranscodeComplete where the video is transcoded. */
export function announceStored(vod: Vod, video: Video, sizeBytes: number): void {
  const { events } = vod.context;
  events.announce('alibaba', 'FileUploadComplete', {
    ...common(vod, video, 'FileUploadComplete'),
    Status: 'success',
    Size: sizeBytes,
    FileUrl: `http://${vod.bucket}.oss-${vod.account.region}.aliyuncs.com/${video.key}`,
  });
  const last = video.timeline.at(-1);
  if (!last || video.timeline[0]?.status !== 'Transcoding') return;
  const Status = last.status === 'TranscodeFail' ? 'fail' : 'success';
  events.announce(
    'alibaba',
    'TranscodeComplete',
    { ...common(vod, video, 'TranscodeComplete', last.afterMs), Status, StreamInfos: [{ Status }] },
    last.afterMs,
  );
}

/** "UploadByURLComplete": names the video only where there is one. */
export function announcePulled({ context }: Vod, { jobId, url, mediaId, sizeBytes }: UrlJob): void {
  const EventTime = new Date(context.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const outcome =
    mediaId === undefined
      ? { Status: 'fail', ErrorCode: 'URLInvalidError', ErrorMessage: 'The source cannot be read.' }
      : { Status: 'success', VideoId: mediaId, Size: String(sizeBytes) };
  context.events.announce('alibaba', 'UploadByURLComplete', {
    EventTime,
    EventType: 'UploadByURLComplete',
    JobId: jobId,
    // A page prints these keys with a blank at their end.
    'SourceURL ': url,
    ...outcome,
  });
}

/** "DeleteMediaComplete": names its medium otherwise than the other events do. */
export function announceDeleted(vod: Vod, video: Video): void {
  const { VideoId: MediaId, ...rest } = common(vod, video, 'DeleteMediaComplete');
  const event = { ...rest, MediaId, MediaType: 'video', DeleteType: 'mezzanine', Status: 'success' };
  vod.context.events.announce('alibaba', 'DeleteMediaComplete', event);
}

function common(
  { context }: Vod,
  { mediaId }: Video,
  EventType: string,
  afterMs = 0,
): Record<string, unknown> {
  const EventTime = new Date(context.now() + afterMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return { EventTime, EventType, VideoId: mediaId };
}

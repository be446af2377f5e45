import type { Vod } from './call.js';
import type { Video } from './media.js';

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

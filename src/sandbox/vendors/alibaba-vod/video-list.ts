import { statusOf, utc, type Answer, type VodCall } from './call.js';
import { VodError } from './errors.js';
import type { Video } from './media.js';

const defaultPageSize = 10;
const maxPageSize = 100;

/** "GetVideoList": by status and time of creation; 404 where there is none. */
export function getVideoList({ vod, params }: VodCall): Answer {
  const status = params.text('Status')?.split(',');
  const [from, to] = ['StartTime', 'EndTime'].map((name) => Date.parse(params.text(name) ?? ''));
  const direction = params.oneOf('SortBy', ['creationtime:desc', 'creationtime:asc']);
  const page = params.integer('PageNo') ?? 1;
  const size = params.integer('PageSize') ?? defaultPageSize;
  if (!(page >= 1) || !(size >= 1 && size <= maxPageSize)) throw new VodError('InvalidParameter', 'PageSize');
  const videos = vod.media
    .all()
    .filter((medium): medium is Video => medium.kind === 'video')
    .filter((video) => status === undefined || status.includes(statusOf(vod, video)))
    // A bound that is not given compares as false.
    .filter(({ createdAt }) => !(createdAt < (from ?? NaN)) && !(createdAt > (to ?? NaN)))
    .sort((a, b) => (direction === 'creationtime:asc' ? 1 : -1) * (a.createdAt - b.createdAt));
  if (videos.length === 0) throw new VodError('InvalidVideo.NotFound');
  return {
    Total: videos.length,
    VideoList: {
      Video: videos.slice((page - 1) * size, page * size).map((video) => ({
        VideoId: video.mediaId,
        Title: video.title,
        Status: statusOf(vod, video),
        Size: video.fileSize ?? 0,
        CreationTime: utc(video.createdAt),
        CreateTime: utc(video.createdAt),
        ModificationTime: utc(video.modifiedAt),
      })),
    },
  };
}

import type { CallContext, UnfinishedUpload } from '../../provider.js';
import { listMaxVideos, type VodClient } from './client.js';

/** "GetVideoList" gives the first 5,000 only. */
const maxPages = 50;

/** Videos that wait for their file. The service clears the fragments of their multipart uploads away with them. */
export async function listUnfinished(
  vod: VodClient,
  before: number,
  context: CallContext,
): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  const endTime = new Date(before).toISOString().replace(/\.\d+Z$/, 'Z');
  for (let page = 1; page <= maxPages; page++) {
    const videos = await vod.uploading(page, endTime, context);
    for (const { VideoId: id, Status, CreationTime } of videos) {
      const startedAt = Date.parse(CreationTime);
      if (Status === 'Uploading' && startedAt < before) found.push({ kind: 'media', id, startedAt });
    }
    if (videos.length < listMaxVideos) break;
  }
  return found;
}

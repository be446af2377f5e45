import type { SandboxContext } from '../../context.js';
import type { PullDesk } from '../../pulls/pulls.js';
import { VodError } from './errors.js';
import type { MediaList, Video } from './media.js';
import type { Params } from './params.js';
import type { AlibabaAccount, AlibabaSettings } from './settings.js';
import { statusAt } from './states.js';
import type { StsDesk } from './sts.js';
import type { UrlJobs } from './url-jobs.js';

export const provider = 'alibaba-vod';

/** What the actions share. */
export interface Vod {
  context: SandboxContext;
  account: AlibabaAccount;
  settings: AlibabaSettings;
  media: MediaList;
  jobs: UrlJobs;
  pulls: PullDesk;
  sts: StsDesk;
  bucket: string;
}

/** One authenticated call. */
export interface VodCall {
  vod: Vod;
  params: Params;
}

/** The answer of an action, without `RequestId`. */
export type Answer = Record<string, unknown>;

export function existingVideo({ media }: Vod, mediaId: string): Video {
  const video = media.video(mediaId);
  if (!video) throw new VodError('InvalidVideo.NotFound');
  return video;
}

export function statusOf({ context }: Vod, video: Video): ReturnType<typeof statusAt> {
  return statusAt(video, context.now());
}

/** `yyyy-MM-ddTHH:mm:ssZ`. */
export function utc(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Address at the delivery network: unsigned, readable from any page. */
export function publicUrl({ context }: Vod, key: string): string {
  return `${context.baseUrl()}/alibaba-cdn/${key}`;
}

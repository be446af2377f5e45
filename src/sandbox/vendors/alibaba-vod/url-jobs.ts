import type { UrlJobStatus } from '../../../vendors/alibaba-vod.js';
import type { Pull } from '../../pulls/pulls.js';

/** One link of an UploadMediaByURL. */
export interface UrlJob {
  jobId: string;
  url: string;
  userData: string;
  createdAt: number;
  pull: Pull;
  /** Set when the media is there. */
  mediaId?: string;
  sizeBytes?: number;
}

/** A repeated session id is refused for so long. */
const sessionLifetimeMs = 10 * 60_000;

export class UrlJobs {
  readonly #jobs: UrlJob[] = [];
  readonly #sessions = new Map<string, number>();

  add(job: UrlJob): UrlJob {
    this.#jobs.push(job);
    return job;
  }

  byId(jobId: string): UrlJob | undefined {
    return this.#jobs.find((job) => job.jobId === jobId);
  }

  byUrl(url: string): UrlJob[] {
    return this.#jobs.filter((job) => job.url === url);
  }

  /** False when the id was used lately. */
  takeSession(sessionId: string, now: number): boolean {
    const before = this.#sessions.get(sessionId);
    if (before !== undefined && now - before < sessionLifetimeMs) return false;
    this.#sessions.set(sessionId, now);
    return true;
  }

  clear(): void {
    this.#jobs.length = 0;
    this.#sessions.clear();
  }
}

/** Canceled jobs have no status in the page's list. */
export function jobStatus({ pull, mediaId }: UrlJob): UrlJobStatus | 'CANCELED' {
  switch (pull.state.kind) {
    case 'waiting':
      return 'PENDING';
    case 'running':
      return mediaId === undefined ? 'DOWNLOADING' : 'UPLOADING';
    case 'done':
      return 'SUCCESS';
    case 'failed':
      return 'DOWNLOAD_FAIL';
    case 'canceled':
      return 'CANCELED';
  }
}

import type { Vod } from './call.js';
import type { Upload } from './uploads.js';

/** Metadata and renditions appear together, some time after the commit; VOD has no status for it. */
export function isProcessed({ context }: Vod, { committedAt }: Upload): boolean {
  return committedAt !== undefined && context.now() >= committedAt + context.processingMs;
}

/** For the sandbox's control API; the vendor has no such status. */
export function describeState(vod: Vod, upload: Upload): string {
  if (upload.isDeleted) return 'DELETED';
  if (upload.committedAt === undefined) return 'APPLIED';
  if (upload.moderation === 'Forbidden') return 'FORBIDDEN';
  return isProcessed(vod, upload) ? 'READY' : 'PROCESSING';
}

/** `…/f0.mp4` and its rendition `…/v.f100030.mp4`, as the vendor names them. */
export function renditionName(mediaKey: string): string {
  return mediaKey.replace(/\/f0\.[^/]*$/, '/v.f100030.mp4');
}

export function originalOf(key: string, { mediaKey }: Upload): string {
  return key === renditionName(mediaKey) ? mediaKey : key;
}

import { createHash } from 'node:crypto';
import type { S3Settings } from './account.js';

/** The ETag for a digest, without quotes. An opaque one has the same form, but is not an MD5 of the content. */
export function shownETag(digest: string, { eTag }: S3Settings): string {
  if (eTag === 'md5') return digest;
  const [hex = '', count] = digest.split('-');
  const other = createHash('md5').update(`kms:${hex}`).digest('hex');
  return count === undefined ? other : `${other}-${count}`;
}

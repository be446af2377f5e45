import { fileExtensionOf, mediaContentType, mediaExtensions } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { extensionOf } from '../../text.js';
import type { S3Options } from './options.js';

export const defaultExtensions = mediaExtensions;

/**
 * What a file is, and the Content-Type of its object. Throws `file-refused` for a file that is not taken. For a name without
 * a known extension the browser's content type decides, but only if it is in the table: a bucket must not serve uploaded HTML.
 */
export function mediaTypeOf(
  upload: StartFields,
  { extensions = defaultExtensions, contentType }: S3Options,
): MediaType {
  const isAny = extensions === 'any';
  const extension = fileExtensionOf(upload, isAny ? defaultExtensions : extensions);
  if (extension === undefined && !isAny) throw fileTypeRefused(upload, extensions);
  return { extension, contentType: contentType?.(upload) ?? mediaContentType(extension) };
}

interface MediaType {
  /** That the file is taken for; absent for one of another kind, where every file is taken. */
  readonly extension: string | undefined;
  /** Of the object. */
  readonly contentType: string;
}

/** As players name it. */
export function formatOf(key: string): string {
  return extensionOf(key);
}

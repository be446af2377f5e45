import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { bareContentType, extensionOf } from '../../text.js';
import type { S3Options } from './options.js';

/** What is taken by default, and the type it is stored and served as. */
const contentTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/x-m4v',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  wmv: 'video/x-ms-wmv',
  flv: 'video/x-flv',
  f4v: 'video/mp4',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  ts: 'video/mp2t',
  m2ts: 'video/mp2t',
  mts: 'video/mp2t',
  '3gp': 'video/3gpp',
  '3g2': 'video/3gpp2',
  ogv: 'video/ogg',
  asf: 'video/x-ms-asf',
  mxf: 'application/mxf',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wma: 'audio/x-ms-wma',
};

export const defaultExtensions = Object.keys(contentTypes);

/**
 * Content-Type of the object. Throws `file-refused` for a file that is not taken. For a name without
 * an extension the browser's content type decides, but only if it is in the table: a bucket must not serve uploaded HTML.
 */
export function contentTypeOf(
  upload: StartFields,
  { extensions = defaultExtensions, contentType }: S3Options,
): string {
  const extension = extensionOf(upload.fileName);
  const named = bareContentType(upload.contentType);
  const known = extension || (Object.keys(contentTypes).find((one) => contentTypes[one] === named) ?? '');
  if (extensions !== 'any' && !extensions.includes(known))
    throw fileTypeRefused(extension || named, extensions);
  return contentType?.(upload) ?? contentTypes[known] ?? 'application/octet-stream';
}

/** As players name it. */
export function formatOf(key: string): string {
  return extensionOf(key);
}

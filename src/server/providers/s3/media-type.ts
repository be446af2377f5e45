import { fileExtensionOf } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { extensionOf } from '../../text.js';
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
  const known =
    extension !== undefined && Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined;
  return { extension, contentType: contentType?.(upload) ?? known ?? 'application/octet-stream' };
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

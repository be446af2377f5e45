import { audioTypes, imageTypes, videoTypes } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { fileExtensionOf } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { bareContentType, extensionOf } from '../../text.js';

/** A playlist is a file of its own, not the video: `m3u8` and `asx` cannot be uploaded as one object. */
const playlists: ReadonlySet<string> = new Set(['m3u8', 'asx', 'ram']);
export const mediaTypes: readonly string[] = [...new Set<string>([...videoTypes, ...audioTypes])].filter(
  (type) => !playlists.has(type),
);

/** Content-Type of the object, by `MediaType`; the vendor has no table, these are the registered ones. */
const contentTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/x-m4v',
  mov: 'video/quicktime',
  qt: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  flv: 'video/x-flv',
  wmv: 'video/x-ms-wmv',
  asf: 'video/x-ms-asf',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  mpe: 'video/mpeg',
  ts: 'video/mp2t',
  '3gp': 'video/3gpp',
  mxf: 'application/mxf',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  wav: 'audio/wav',
  aac: 'audio/aac',
  amr: 'audio/amr',
};

/** `CoverType` ("Upload Overview", image types), by what browsers say. */
const coverTypes: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'image/tiff': 'tiff',
  'image/heif': 'heif',
};
export const coverContentTypes: readonly string[] = Object.keys(coverTypes);

/** `MediaType` ("Upload Overview"): from the name's extension, else from what the browser says. Throws `file-refused`. */
export function mediaTypeOf(file: Pick<StartFields, 'fileName' | 'contentType'>): string {
  const type = fileExtensionOf(file, mediaTypes);
  if (type === undefined) throw fileTypeRefused(file, mediaTypes);
  return type;
}

export function coverTypeOf(fileName: string, contentType: string): string {
  const extension = extensionOf(fileName);
  const type = bareContentType(contentType);
  const named = Object.hasOwn(coverTypes, type)
    ? coverTypes[type]
    : imageTypes.find((one) => one === extension);
  if (named) return named;
  throw new EndpointError('file-refused', {
    detail: `Covers of type ${extension || contentType || 'unknown'} are not taken; these are: ${imageTypes.join(', ')}.`,
  });
}

/** The type that a cover is served with, by `CoverType`; the page's own word for it is not taken. */
export function coverContentType(coverType: string): string {
  return Object.keys(coverTypes).find((type) => coverTypes[type] === coverType) ?? 'application/octet-stream';
}

export function objectContentType(mediaType: string): string {
  return contentTypes[mediaType] ?? 'application/octet-stream';
}

import type { StartFields } from '../provider.js';
import { bareContentType, cleanText, extensionOf } from '../text.js';

/** The type that a file of a known extension is stored and served as. */
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

/** Extensions whose type is known: video and audio. */
export const mediaExtensions = Object.keys(contentTypes);

/** The type by our own table: the one that a page names could be one that runs as a page at the domain of the videos. */
export function mediaContentType(extension: string | undefined): string {
  const known =
    extension !== undefined && Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined;
  return known ?? 'application/octet-stream';
}

/** What browsers call the files of these extensions; of several, the first that a provider takes. */
const byContentType: Readonly<Record<string, readonly string[]>> = {
  'application/f4v': ['f4v'],
  'application/mxf': ['mxf'],
  'audio/aac': ['aac'],
  'audio/amr': ['amr'],
  'audio/flac': ['flac'],
  'audio/mp4': ['m4a'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg'],
  'audio/opus': ['opus', 'ogg'],
  'audio/vnd.wave': ['wav'],
  'audio/wav': ['wav'],
  'audio/x-flac': ['flac'],
  'audio/x-m4a': ['m4a'],
  'audio/x-ms-wma': ['wma'],
  'audio/x-wav': ['wav'],
  'video/3gpp': ['3gp'],
  'video/3gpp2': ['3g2'],
  'video/avi': ['avi'],
  'video/matroska': ['mkv'],
  'video/mp2t': ['ts'],
  'video/mp4': ['mp4'],
  'video/mpeg': ['mpg', 'mpeg'],
  'video/ogg': ['ogv', 'ogg'],
  'video/quicktime': ['mov'],
  'video/vnd.dlna.mpeg-tts': ['ts'],
  'video/webm': ['webm'],
  'video/flv': ['flv'],
  'video/x-flv': ['flv'],
  'video/m4v': ['m4v', 'mp4'],
  'video/x-m4v': ['m4v', 'mp4'],
  'video/x-matroska': ['mkv'],
  'video/x-ms-asf': ['asf'],
  'video/x-ms-wmv': ['wmv'],
  'video/x-msvideo': ['avi'],
};

/**
 * The extension that a file is taken for: that of its name, or, where the name has none of `extensions` ("clip",
 * "Interview 2.5", "cut.final"), that of the type which the browser names. `undefined` where neither says anything.
 */
export function fileExtensionOf(
  { fileName, contentType }: Pick<StartFields, 'fileName' | 'contentType'>,
  extensions: readonly string[],
): string | undefined {
  const extension = extensionOf(cleanText(fileName));
  if (extensions.includes(extension)) return extension;
  const type = bareContentType(contentType);
  const named = Object.hasOwn(byContentType, type) ? byContentType[type] : undefined;
  return named?.find((one) => extensions.includes(one));
}

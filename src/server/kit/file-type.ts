import type { StartFields } from '../provider.js';
import { bareContentType, cleanText, extensionOf } from '../text.js';

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

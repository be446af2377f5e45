import { audioExtensions, videoExtensions } from '../../../vendors/alibaba-vod.js';
import { fileTypeRefused } from '../../kit/session.js';
import { bareContentType, cleanFileName, cutFileName, splitExtension } from '../../text.js';
import { withoutIllegal } from './options.js';

/** "Upload overview", formats. */
export const fileExtensions: readonly string[] = [...videoExtensions, ...audioExtensions];

/** By the browser's content type, for names without a known extension. */
const byContentType: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/x-m4v': 'm4v',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/x-flv': 'flv',
  'video/x-ms-wmv': 'wmv',
  'video/x-ms-asf': 'asf',
  'video/mpeg': 'mpeg',
  'video/mp2t': 'ts',
  'video/3gpp': '3gp',
  'video/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/ogg': 'ogg',
};

const fileNameMaxBytes = 255;

/** `FileName` of CreateUploadVideo: with one of the extensions the service knows. Throws `file-refused`. */
export function vodFileName(fileName: string, contentType: string): string {
  const { stem, extension } = splitExtension(cleanFileName(withoutIllegal(fileName)));
  const named = extension.slice(1).toLowerCase();
  if (fileExtensions.includes(named)) return cutFileName(stem + extension, fileNameMaxBytes);
  const byType = byContentType[bareContentType(contentType)];
  if (byType) return cutFileName(`${stem}${extension}.${byType}`, fileNameMaxBytes);
  throw fileTypeRefused(named || contentType, fileExtensions);
}

import {
  audioMaxBytes,
  audioTypes,
  largeFileMaxBytes,
  videoTypes,
} from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { extensionOf } from '../../text.js';

export const extensions: readonly string[] = [...videoTypes, ...audioTypes];

/** By the browser's content type, for names without an extension. */
const byContentType: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mp4': 'm4a',
};

/** `file_type`: the extension. Throws `file-refused`. */
export function fileTypeOf({ fileName, contentType, sizeBytes }: StartFields): string {
  const extension = extensionOf(fileName) || byContentType[contentType.toLowerCase()] || '';
  if (!extensions.includes(extension)) throw fileTypeRefused(extension || contentType, extensions);
  const maxBytes = isVideoType(extension) ? largeFileMaxBytes : audioMaxBytes;
  if (sizeBytes > maxBytes)
    throw new EndpointError('file-refused', { detail: `Files of this type have at most ${maxBytes} bytes.` });
  return extension;
}

export function isVideoType(type: string): boolean {
  return (videoTypes as readonly string[]).includes(type);
}

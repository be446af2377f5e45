import {
  audioMaxBytes,
  audioTypes,
  largeFileMaxBytes,
  videoTypes,
} from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { fileExtensionOf } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';

export const extensions: readonly string[] = [...videoTypes, ...audioTypes];

/** `file_type`: the extension. Throws `file-refused`. */
export function fileTypeOf(upload: StartFields): string {
  const { sizeBytes } = upload;
  const extension = fileExtensionOf(upload, extensions);
  if (extension === undefined) throw fileTypeRefused(upload, extensions);
  const maxBytes = isVideoType(extension) ? largeFileMaxBytes : audioMaxBytes;
  if (sizeBytes > maxBytes)
    throw new EndpointError('file-refused', { detail: `Files of this type have at most ${maxBytes} bytes.` });
  return extension;
}

export function isVideoType(type: string): boolean {
  return (videoTypes as readonly string[]).includes(type);
}

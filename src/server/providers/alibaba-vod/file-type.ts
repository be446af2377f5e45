import { audioExtensions, videoExtensions } from '../../../vendors/alibaba-vod.js';
import { fileExtensionOf } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cutFileName, extensionOf } from '../../text.js';
import { withoutIllegal } from './options.js';

/** "Upload overview", formats. */
export const fileExtensions: readonly string[] = [...videoExtensions, ...audioExtensions];

const fileNameMaxBytes = 255;

/** `FileName` of CreateUploadVideo: with one of the extensions the service knows. Throws `file-refused`. */
export function vodFileName(file: Pick<StartFields, 'fileName' | 'contentType'>): string {
  const type = fileExtensionOf(file, fileExtensions);
  if (type === undefined) throw fileTypeRefused(file, fileExtensions);
  const name = cleanFileName(withoutIllegal(file.fileName));
  const isNamed = extensionOf(name) === type;
  return cutFileName(isNamed ? name : `${name}.${type}`, fileNameMaxBytes);
}

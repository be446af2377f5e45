import type { ImportLink, StartFields } from '../provider.js';

/** A link as the functions see it that name and describe uploads. Its size is not known before the cloud has it. */
export function linkAsUpload({ id, fileName, metadata, options }: ImportLink): StartFields {
  return { clientId: id, fileName, metadata, options, sizeBytes: 0, contentType: '' };
}

import { type Attachment, attachmentFields, object, tryRead } from '../../protocol/index.js';
import { UploadError } from '../errors.js';

/** Throws for what the endpoint would refuse as a malformed call, and with it every upload of the same call. */
export function checkAttachment(spec: Attachment): void {
  for (const [name, read] of Object.entries(attachmentFields))
    if (!tryRead(object<object>({ [name]: read }), spec))
      throw new UploadError('file-refused', {
        detail: `attachment: "${name}" is not what the endpoint takes`,
      });
}

import * as v from 'valibot';
import { type Attachment, attachmentSchema } from '../../protocol/index.js';
import { UploadError } from '../errors.js';

/** Throws for what the endpoint would refuse as a malformed call, and with it every upload of the same call. */
export function checkAttachment(spec: Attachment): void {
  const checked = v.safeParse(attachmentSchema, spec);
  if (checked.success) return;
  const [issue] = checked.issues;
  const detail = `${issue.path?.map(({ key }) => String(key)).join('.') ?? 'attachment'}: ${issue.message}`;
  throw new UploadError('file-refused', { detail });
}

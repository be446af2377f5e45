import { UploadError, type UploadErrorCode } from '../errors.js';
import { reportHostError } from '../report-error.js';
import { EndpointCallError } from './call-error.js';

const codes: ReadonlySet<UploadErrorCode> = new Set(['invalid-request', 'payload-too-large']);

/** The call, or one item in it, is what no endpoint takes. */
export function isMalformed(error: unknown): boolean {
  const why = error instanceof EndpointCallError ? error.error : error;
  return why instanceof UploadError && codes.has(why.code);
}

/** What is malformed comes from the host: its metadata, options or attachments. With a cause, it was told already. */
export function tellMalformed(error: unknown): unknown {
  if (isMalformed(error) && !(error as Error).cause) reportHostError(error);
  return error;
}

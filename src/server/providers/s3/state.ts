import * as v from 'valibot';
import { stateReader } from '../../kit/session.js';

const target = {
  key: v.string(),
  contentType: v.string(),
  /** When the upload began, by the endpoint's clock: an older object under the key is not this upload's. */
  startedAt: v.number(),
};

const stateSchema = v.variant('kind', [
  v.object({ kind: v.literal('single'), ...target, md5Base64: v.optional(v.string()) }),
  v.object({ kind: v.literal('multipart'), ...target, uploadId: v.string() }),
]);

/** What the ticket carries for this provider. No credentials: those are the endpoint's own. */
export type S3State = v.InferOutput<typeof stateSchema>;
export type SingleState = Extract<S3State, { kind: 'single' }>;
export type MultipartState = Extract<S3State, { kind: 'multipart' }>;

export const stateOf = stateReader(stateSchema);

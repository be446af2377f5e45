import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import type { Session } from '../../provider.js';

const target = {
  key: v.string(),
  contentType: v.string(),
  /** When the upload began, by the endpoint's clock: what is older under the key is somebody else's. */
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

/** A ticket may be of an older version of this provider: genuine, and yet not to be used. */
export function stateOf(session: Session<unknown>): S3State {
  const parsed = v.safeParse(stateSchema, session.state);
  if (!parsed.success)
    throw new EndpointError('ticket-invalid', {
      detail: 'The ticket is of another version of this provider.',
    });
  return parsed.output;
}

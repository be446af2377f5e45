import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import type { Session } from '../../provider.js';

const file = { fileId: v.string(), fileName: v.string(), fileType: v.string(), expiresAt: v.number() };

const stateSchema = v.variant('kind', [
  v.object({ kind: v.literal('single'), ...file, md5Base64: v.string(), url: v.string() }),
  v.object({
    kind: v.literal('multipart'),
    ...file,
    urls: v.object({
      first: v.array(v.string()),
      others: v.array(v.array(v.tuple([v.number(), v.string()]))),
    }),
  }),
]);

/** What the ticket carries for this provider. */
export type HuaweiMetastudioState = v.InferOutput<typeof stateSchema>;

/** A ticket may be of an older version of this provider: genuine, and yet not to be used. */
export function stateOf(session: Session<unknown>): HuaweiMetastudioState {
  const parsed = v.safeParse(stateSchema, session.state);
  if (!parsed.success)
    throw new EndpointError('ticket-invalid', {
      detail: 'The ticket is of another version of this provider.',
    });
  return parsed.output;
}

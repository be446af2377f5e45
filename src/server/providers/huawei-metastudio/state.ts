import * as v from 'valibot';
import { stateReader } from '../../kit/session.js';

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

export const stateOf = stateReader(stateSchema);

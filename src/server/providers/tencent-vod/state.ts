import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import type { Session } from '../../provider.js';

const certificate = v.object({
  secretId: v.string(),
  secretKey: v.string(),
  token: v.string(),
  /** Seconds since 1970. */ expiresAt: v.number(),
});

const cover = v.object({
  /** With its leading slash. */
  path: v.string(),
  attachmentId: v.string(),
  contentType: v.string(),
  sizeBytes: v.number(),
  md5Base64: v.optional(v.string()),
});

const stateSchema = v.object({
  bucket: v.string(),
  region: v.string(),
  /** With its leading slash. */
  path: v.string(),
  contentType: v.string(),
  sessionKey: v.string(),
  certificate,
  /** Absent where the file goes in one PUT. */
  uploadId: v.optional(v.string()),
  cover: v.optional(cover),
  subAppId: v.optional(v.number()),
  /** Body of the ApplyUpload, for applying once more when the certificate has run out. */
  applied: v.record(v.string(), v.union([v.string(), v.number()])),
});

/** What a ticket carries of one upload. The certificate never leaves the server but inside of it. */
export type TencentVodState = v.InferOutput<typeof stateSchema>;
export type Certificate = v.InferOutput<typeof certificate>;
export type CoverState = v.InferOutput<typeof cover>;

/** The state of an opened ticket; one of another shape was sealed by another version of the provider. */
export function stateOf({ state }: Session<unknown>): TencentVodState {
  const parsed = v.safeParse(stateSchema, state);
  if (!parsed.success)
    throw new EndpointError('ticket-invalid', { detail: 'The ticket is not of this provider.' });
  return parsed.output;
}

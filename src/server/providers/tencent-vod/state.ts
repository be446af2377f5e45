import * as v from 'valibot';
import { stateReader } from '../../kit/session.js';

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
  /** Body of the ApplyUpload, for applying once more when the certificate has expired. */
  applied: v.record(v.string(), v.union([v.string(), v.number()])),
});

/** What the ticket carries for this provider. The certificate leaves the server only inside of it. */
export type TencentVodState = v.InferOutput<typeof stateSchema>;
export type Certificate = v.InferOutput<typeof certificate>;
export type CoverState = v.InferOutput<typeof cover>;
/** One object, and what its requests are signed with. */
export type ObjectAddress = Pick<
  TencentVodState,
  'bucket' | 'region' | 'certificate' | 'path' | 'contentType'
>;
export type MultipartState = TencentVodState & { readonly uploadId: string };

export const stateOf = stateReader(stateSchema);

export function isMultipart(state: TencentVodState): state is MultipartState {
  return state.uploadId !== undefined;
}

import * as v from 'valibot';
import { stateReader } from '../../kit/session.js';

const targetFields = {
  /** Address of the object, without a query. */
  url: v.string(),
  bucket: v.string(),
  key: v.string(),
  region: v.string(),
  /** Temporary, for this object alone. */
  keys: v.object({
    accessKeyId: v.string(),
    accessKeySecret: v.string(),
    securityToken: v.string(),
    expiresAt: v.number(),
  }),
};

/** Subtitles made for this video; the service keeps them apart from it. */
export const subtitlesSchema = v.optional(
  v.array(
    v.object({
      attachmentId: v.string(),
      mediaId: v.string(),
      language: v.optional(v.string()),
      /** Cut: sixteen long titles would fill the ticket. */
      title: v.optional(v.string()),
    }),
  ),
);

const commonFields = {
  ...targetFields,
  /** A cover's address that the service would not take yet, because the video was uploading. */
  pendingCoverUrl: v.optional(v.string()),
  subtitles: subtitlesSchema,
};

const stateSchema = v.variant('kind', [
  v.object({ kind: v.literal('single'), ...commonFields }),
  v.object({ kind: v.literal('multipart'), ...commonFields, uploadId: v.string() }),
]);

/** What the ticket carries for this provider. */
export type AlibabaVodState = v.InferOutput<typeof stateSchema>;
export type MultipartState = Extract<AlibabaVodState, { kind: 'multipart' }>;
/** One object, and temporary keys to it. */
export type Target = Pick<AlibabaVodState, keyof typeof targetFields>;

export const stateOf = stateReader(stateSchema);

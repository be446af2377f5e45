import * as v from 'valibot';
import { stateReader } from '../../kit/session.js';

const target = {
  bucket: v.string(),
  objectKey: v.string(),
  /** Region of the bucket, for building its address. */
  location: v.optional(v.string()),
  /** Content-Type that a multipart upload of this object is opened with. */
  contentType: v.string(),
};

/** Which of the ids 1 to 16 a subtitle was given. */
export const subtitleIdSchema = v.object({ attachmentId: v.string(), id: v.number() });
export type SubtitleId = v.InferOutput<typeof subtitleIdSchema>;

/** What was asked for beside the video itself. */
const extras = { subtitles: v.optional(v.array(subtitleIdSchema)), isTranscoded: v.optional(v.boolean()) };

const stateSchema = v.variant('kind', [
  v.object({
    kind: v.literal('single'),
    ...target,
    ...extras,
    /** Presigned; lives as long as its own `Expires` says. */
    url: v.string(),
    headers: v.record(v.string(), v.string()),
    fallbackHeaders: v.optional(v.record(v.string(), v.string())),
  }),
  v.object({ kind: v.literal('multipart'), ...target, ...extras, uploadId: v.string() }),
]);

/** What the ticket carries for this provider. */
export type HuaweiVodState = v.InferOutput<typeof stateSchema>;
export type SingleState = Extract<HuaweiVodState, { kind: 'single' }>;
export type MultipartState = Extract<HuaweiVodState, { kind: 'multipart' }>;
export type ObjectAddress = Pick<HuaweiVodState, 'bucket' | 'objectKey' | 'location' | 'contentType'>;

export const stateOf = stateReader(stateSchema);

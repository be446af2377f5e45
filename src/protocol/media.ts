import * as v from 'valibot';

const mediaStatuses = ['uploading', 'processing', 'ready', 'failed'] as const;

/** The details that a media service returns for one upload, in one shape for all services. */
export const mediaDetailsSchema = v.object({
  mediaId: v.string(),
  provider: v.string(),
  /** `ready` and `failed` are final: polling stops there. */
  status: v.picklist(mediaStatuses),
  sizeBytes: v.optional(v.number()),
  durationSeconds: v.optional(v.number()),
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  coverUrl: v.optional(v.string()),
  /** Playable URLs, best first. `format` is lower case: hls, dash, mp4 … */
  playUrls: v.optional(v.array(v.object({ url: v.string(), format: v.string() }))),
  /** 0 to 1, when the service reports it. */
  uploadRatio: v.optional(v.number()),
  /** ISO 8601, UTC. */
  createdAt: v.optional(v.string()),
  /** Set when `status` is `failed`: the service's error text and code. */
  failure: v.optional(v.object({ code: v.optional(v.string()), reason: v.string() })),
  /**
   * The service's reply, unchanged. Absent unless the endpoint is set to hand it on: it may name buckets and
   * addresses.
   */
  vendor: v.optional(v.unknown()),
});
/** What the media service says about an upload. */
export type MediaDetails = v.InferOutput<typeof mediaDetailsSchema>;
/** Where the media service is with an upload. */
export type MediaStatus = MediaDetails['status'];

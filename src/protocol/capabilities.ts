import * as v from 'valibot';

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * What a provider needs and can do. The browser obeys this and knows no provider by name: what is not declared is
 * neither offered to the person nor asked of the endpoint.
 */
export const capabilitiesSchema = v.object({
  provider: v.string(),
  /** `whole-file`: the MD5 of the whole file has to be known before the start. */
  checksum: v.picklist(['none', 'whole-file']),
  /** Files up to this size go in one PUT; 0 where every file goes in parts. */
  singlePutMaxBytes: bytes,
  /** Limits of parts; absent where there are no parts at all. */
  parts: v.optional(
    v.object({
      minSizeBytes: bytes,
      maxSizeBytes: bytes,
      maxCount: bytes,
      /** `false`: the store does not say which parts it has; uploads resume and complete by what the browser recorded. */
      areListed: v.optional(v.boolean()),
    }),
  ),
  /** `ahead`: part requests live long and cost nothing, `on-demand`: each costs the endpoint a call to the cloud. */
  signing: v.picklist(['ahead', 'on-demand']),
  maxFileSizeBytes: v.optional(bytes),
  /** Lower-case file name extensions that the service takes, without the dot. */
  extensions: v.optional(v.array(v.string())),
  /** A picture of one's own. `start`: only together with the start of the upload; `any`: later as well. */
  cover: v.optional(
    v.object({
      contentTypes: v.array(v.string()),
      maxSizeBytes: v.optional(bytes),
      when: v.picklist(['start', 'any']),
    }),
  ),
  subtitles: v.optional(
    v.object({
      /** Lower-case extensions: srt, vtt … */
      formats: v.array(v.string()),
      maxCount: bytes,
      maxSizeBytes: v.optional(bytes),
      /** Codes the service takes; absent where any will do. */
      languages: v.optional(v.array(v.string())),
      when: v.picklist(['start', 'any']),
    }),
  ),
  /** Whether a failed or canceled upload can be made good under the same media id. */
  canReplace: v.boolean(),
  /** Names of the per-upload options that pages may set where `authorize` lets them. */
  options: v.optional(v.array(v.string())),
});
export type Capabilities = v.InferOutput<typeof capabilitiesSchema>;

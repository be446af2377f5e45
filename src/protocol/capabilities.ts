import * as v from 'valibot';

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The longest text that a service takes for a field, in UTF-8 bytes or in UTF-16 units. */
const textLimit = { maxLength: bytes, unit: v.picklist(['bytes', 'characters']) };

/**
 * The requirements and abilities of a provider. The browser acts on this declaration only and has no code for a named
 * provider: it neither shows an undeclared feature to the person nor requests it from the endpoint.
 */
export const capabilitiesSchema = v.object({
  provider: v.string(),
  /** `whole-file`: `start` requires the MD5 of the whole file. */
  checksum: v.picklist(['none', 'whole-file']),
  /** Files up to this size are uploaded in one PUT; 0 when every file is uploaded in parts. */
  singlePutMaxBytes: bytes,
  /** Limits of parts; absent when the provider does not upload in parts. */
  parts: v.optional(
    v.object({
      minSizeBytes: bytes,
      maxSizeBytes: bytes,
      maxCount: bytes,
      /** `false`: the store does not list its parts; resuming and completing rely on the browser's record of sent parts. */
      areListed: v.optional(v.boolean()),
    }),
  ),
  /** `ahead`: part requests have a long lifetime and need no call to the cloud; `on-demand`: each needs one. */
  signing: v.picklist(['ahead', 'on-demand']),
  /** Whether `start` signs the `parts` of its items. */
  signsAtStart: v.optional(v.boolean()),
  /** Whether a part may be signed before its MD5 is known: its request then says `addsMd5`. */
  signsBeforeHash: v.optional(v.boolean()),
  /** Origins that bytes go to, where they are known beforehand: the browser opens a connection while it asks `start`. */
  stores: v.optional(v.array(v.string())),
  maxFileSizeBytes: v.optional(bytes),
  /** Lower-case file name extensions that the service accepts, without the dot. */
  extensions: v.optional(v.array(v.string())),
  /** A custom cover image. `start`: accepted only in the `start` call; `any`: accepted later as well. */
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
      /** Language codes that the service accepts; absent when it accepts any. */
      languages: v.optional(v.array(v.string())),
      when: v.picklist(['start', 'any']),
    }),
  ),
  /** What the `update` operation changes of media that is there already. Absent: nothing. */
  updates: v.optional(
    v.object({
      title: v.optional(v.object(textLimit)),
      description: v.optional(v.object(textLimit)),
      /** `maxLength` is that of each tag. */
      tags: v.optional(v.object({ ...textLimit, maxCount: bytes })),
    }),
  ),
  /** Videos that the cloud itself pulls from links, with the `import` operation. Absent: it pulls none. */
  import: v.optional(
    v.object({
      /** `percent`: the cloud says how much of a file it has pulled; `states`: only whether it has begun. */
      progress: v.picklist(['percent', 'states']),
      /** `waiting`: an import can be canceled until the cloud has begun with it; `never`: from the start it cannot. */
      cancel: v.picklist(['waiting', 'never']),
      /** What links may begin with. */
      schemes: v.array(v.picklist(['https', 'http'])),
      /** What can be attached to a video once the cloud has pulled it; absent when nothing can be. */
      attachments: v.optional(v.array(v.picklist(['cover', 'subtitle']))),
    }),
  ),
  /** Whether the cloud makes versions that browsers play of what it gets. Absent: that is not known. */
  transcodes: v.optional(v.boolean()),
  /** Whether a new upload can replace a failed or canceled one under the same media id. */
  canReplace: v.boolean(),
  /** What this caller may upload, where the endpoint limits it; `bytesLeft` of `bytesPerDay` when the page asked. */
  limits: v.optional(
    v.object({
      startsPerMinute: v.optional(bytes),
      openUploads: v.optional(bytes),
      bytesPerDay: v.optional(bytes),
      bytesLeft: v.optional(bytes),
    }),
  ),
  /** Names of the per-upload options that pages may set when `authorize` allows them. */
  options: v.optional(v.array(v.string())),
});
/** What a provider needs and can do; engine and widget obey it. */
export type Capabilities = v.InferOutput<typeof capabilitiesSchema>;

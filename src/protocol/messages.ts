import * as v from 'valibot';
import { capabilitiesSchema } from './capabilities.js';
import { mediaDetailsSchema } from './media.js';
import { problemSchema } from './problem.js';
import { maxPartNumber, partNumber, signedAttachmentSchema, signedRequestSchema } from './signed-request.js';

/** The maximum number of items in one call, and of parts in one `sign` item. */
export const maxBatchItems = 100;
const maxSignParts = 100;
/** One part for each connection; larger ones are not hashed in the time of a round trip. */
const maxStartParts = 16;
/** The longest link that is imported. A longer one is refused by itself, an absurd one with the whole call. */
export const maxLinkLength = 2048;
/** One cover, and the largest number of subtitles that any service accepts. */
export const maxAttachments = 17;

const integer = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ticket = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384));
/** Who calls, as an opaque text: equal for the calls of one caller, and another for every other caller. */
const callerTag = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
// With this annotation, bundlers remove the schemas from the browser bundle, which has readers of its own (answers.ts).
/* @__NO_SIDE_EFFECTS__ */
function batch<T extends v.GenericSchema>(item: T) {
  return v.pipe(v.array(item), v.minLength(1), v.maxLength(maxBatchItems));
}

/** A `File.type`: printable ASCII (File API, "type"); it may go into a header. */
const contentType = v.pipe(v.string(), v.maxLength(255), v.regex(/^[\x20-\x7e]*$/));
/** Base64 of the 16 raw bytes of an MD5: 24 characters. This protocol uses no other encoding of checksums. */
const md5Base64Schema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{22}==$/));

/** `md5Base64` becomes a header of the signed request, so that the store refuses other bytes; see `addsMd5`. */
const partEntries = { partNumber, sizeBytes: integer, md5Base64: v.optional(md5Base64Schema) };
const partToSign = v.object(partEntries);
/** A part that needs a signed request. */
export type PartToSign = v.InferOutput<typeof partToSign>;

const refused = v.object({ outcome: v.literal('refused'), problem: problemSchema });

/**
 * Whether the store's ETags prove content because they are MD5s: the MD5 of a part, and for a complete object the MD5
 * of its parts' MD5s. Absent means `md5`; a store that encrypts with its own keys returns `opaque` ETags.
 */
const eTag = v.optional(v.picklist(['md5', 'opaque']));

/** How the browser divides the file. A `single` transfer has one part, number 1: the whole file. */
export const transferSchema = v.variant('kind', [
  v.object({ kind: v.literal('single'), eTag }),
  v.object({
    kind: v.literal('multipart'),
    eTag,
    minPartSizeBytes: integer,
    maxPartSizeBytes: integer,
    maxPartCount: integer,
    /** Set when the store prescribes the size; otherwise the browser chooses one within the limits. */
    partSizeBytes: v.optional(integer),
    /** The origin of the second name of the store, for which parts are signed, too. Absent: it has one name. */
    secondStore: v.optional(v.string()),
  }),
]);
/** How the bytes go to the store: in one PUT or in parts. */
export type Transfer = v.InferOutput<typeof transferSchema>;

/** A small file that belongs to a video, a cover or a subtitle. The browser sends it in one PUT. */
export const attachmentSchema = v.object({
  /** The browser's id of the attachment, unique within the upload. */
  attachmentId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  kind: v.picklist(['cover', 'subtitle']),
  fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  sizeBytes: v.pipe(integer, v.minValue(1)),
  contentType,
  md5Base64: v.optional(md5Base64Schema),
  /** Subtitles only: a BCP 47 language tag such as `en` or `zh-CN`. */
  language: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(35))),
  /** Subtitles only: the title that the viewer sees in the subtitle menu. */
  title: v.optional(v.pipe(v.string(), v.maxLength(128))),
});
/** A cover or a subtitle as the endpoint is told of it. */
export type Attachment = v.InferOutput<typeof attachmentSchema>;

const attachments = v.pipe(v.array(attachmentSchema), v.minLength(1), v.maxLength(maxAttachments));

/** The server-side session of one upload. `ticket` is opaque and authorizes every later call. */
export const uploadSessionSchema = v.object({
  ticket,
  /** Absent when the service assigns the media id only at the confirmation. */
  mediaId: v.optional(v.string()),
  transfer: transferSchema,
  /** One request for each attachment of the `start` item. */
  attachments: v.optional(v.array(signedAttachmentSchema)),
  /** Requests that `start` has signed already: of a small file, and of the `parts` of its item. */
  signed: v.optional(v.array(signedRequestSchema)),
});
export type UploadSession = v.InferOutput<typeof uploadSessionSchema>;

export const startRequestSchema = v.object({
  provider: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  uploads: batch(
    v.object({
      /** The browser's id of the upload; the browser does not use one id for two files. */
      clientId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
      sizeBytes: v.pipe(integer, v.minValue(1)),
      /** The browser's `File.type`; may be empty. */
      contentType,
      /** MD5 of the whole file. Always sent for small files, and for others when the provider requires it. */
      md5Base64: v.optional(md5Base64Schema),
      /** The host application's data about the file. The endpoint passes it to `authorize`, but not to the cloud. */
      metadata: v.optional(v.record(v.string(), v.unknown())),
      /** Vendor parameters (title, category, workflow …); `authorize` determines which of them this caller may set. */
      options: v.optional(v.record(v.string(), v.unknown())),
      attachments: v.optional(attachments),
      /**
       * Parts to sign with the start: a `sign` call less before the first byte. The browser does not know the part size
       * yet, so it may name several sizes of one part; what is not in the plan of the upload is ignored.
       */
      parts: v.optional(v.pipe(v.array(partToSign), v.maxLength(maxStartParts))),
      /** How large the page wants the parts; kept within the limits of the store. */
      partSizeBytes: v.optional(v.pipe(integer, v.minValue(1))),
      /** Ticket of a failed or canceled upload, which this one replaces under the same media id when that is possible. */
      replaces: v.optional(ticket),
      /**
       * The `caller` of the first answer after the file was added. When another caller is signed in by now, the endpoint
       * refuses the start with `ticket-foreign`: nothing is begun, and nothing is counted.
       */
      addedBy: v.optional(callerTag),
    }),
  ),
});
export type StartRequest = v.InferOutput<typeof startRequestSchema>;
/** A file that the page wants to upload. */
export type StartItem = StartRequest['uploads'][number];

export const startResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({
        outcome: v.literal('started'),
        session: uploadSessionSchema,
        caller: v.optional(callerTag),
      }),
      /** The provider requires the MD5 of the whole file: the browser computes it and calls again. */
      v.object({ outcome: v.literal('checksum-required'), caller: v.optional(callerTag) }),
      refused,
    ]),
  ),
});
export type StartResponse = v.InferOutput<typeof startResponseSchema>;

/** Has the cloud pull videos from links. Without one it asks what was begun; `upload-not-found`: nothing. */
export const importRequestSchema = v.object({
  provider: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  imports: batch(
    v.object({
      /** As in `start`: the repeat of a call whose answer was lost gets the same import. */
      clientId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      /** It may contain a signature, so only the cloud gets it. */
      url: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4 * maxLinkLength))),
      /** What the video is called until it has a title of its own; without one in the options, its title. */
      fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
      metadata: v.optional(v.record(v.string(), v.unknown())),
      options: v.optional(v.record(v.string(), v.unknown())),
      /** As in `start`. */
      addedBy: v.optional(callerTag),
    }),
  ),
});
export type ImportRequest = v.InferOutput<typeof importRequestSchema>;
/** A link that the page wants to be imported, or a question about an earlier one. */
export type ImportQuestion = ImportRequest['imports'][number];
/** A link that the page wants to be imported. */
export type ImportItem = ImportQuestion & { readonly url: string };

export const importResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      /** The cloud has taken the link. `details` says how far it is; when it is there, `finish` ends it. */
      v.object({
        outcome: v.literal('importing'),
        session: v.object({ ticket, mediaId: v.optional(v.string()) }),
        /** False where the cloud stops no import: it can only be let go of. */
        canCancel: v.boolean(),
        caller: v.optional(callerTag),
      }),
      refused,
    ]),
  ),
});
export type ImportResponse = v.InferOutput<typeof importResponseSchema>;

export const signRequestSchema = v.object({
  items: batch(
    v.object({
      ticket,
      parts: v.pipe(v.array(partToSign), v.minLength(1), v.maxLength(maxSignParts)),
    }),
  ),
});
export type SignRequest = v.InferOutput<typeof signRequestSchema>;

export const signResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({
        outcome: v.literal('signed'),
        requests: v.array(signedRequestSchema),
        /** Present when the credentials in the ticket were renewed: the browser uses this ticket from now on. */
        ticket: v.optional(ticket),
      }),
      /** The previous upload authorization has expired: the browser restarts the transfer with this session. */
      v.object({ outcome: v.literal('restarted'), session: uploadSessionSchema }),
      refused,
    ]),
  ),
});
export type SignResponse = v.InferOutput<typeof signResponseSchema>;

export const describeRequestSchema = v.object({
  providers: batch(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
});

export const describeResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({
        outcome: v.literal('described'),
        capabilities: capabilitiesSchema,
        /** Absent where the next caller may start files that wait. */
        caller: v.optional(callerTag),
      }),
      refused,
    ]),
  ),
});
export type DescribeResponse = v.InferOutput<typeof describeResponseSchema>;

/** Requests signed requests for attachments that were added later or whose first request has expired. */
export const attachRequestSchema = v.object({ items: batch(v.object({ ticket, attachments })) });
export type AttachRequest = v.InferOutput<typeof attachRequestSchema>;

export const attachResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({
        outcome: v.literal('attached'),
        /** One per attachment, in order. */
        requests: v.array(signedAttachmentSchema),
        ticket: v.optional(ticket),
      }),
      refused,
    ]),
  ),
});
export type AttachResponse = v.InferOutput<typeof attachResponseSchema>;

export const listRequestSchema = v.object({ items: batch(v.object({ ticket })) });

/** A part as the store lists it. `eTag` is verbatim except that its quotes are removed. */
export const storedPartSchema = v.object({ partNumber, sizeBytes: integer, eTag: v.string() });
/** A part that the store has. */
export type StoredPart = v.InferOutput<typeof storedPartSchema>;

export const listResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({ outcome: v.literal('listed'), parts: v.array(storedPartSchema) }),
      /** The store does not permit listing parts: the browser relies on its own record of sent parts. */
      v.object({ outcome: v.literal('unlisted') }),
      refused,
    ]),
  ),
});
export type ListResponse = v.InferOutput<typeof listResponseSchema>;

/** A part as the browser sent it. */
export const sentPartSchema = v.object(partEntries);
/** A part that the page has sent, with its checksum and ETag. */
export type SentPart = v.InferOutput<typeof sentPartSchema>;

export const finishRequestSchema = v.object({
  items: batch(
    v.variant('status', [
      v.object({
        ticket,
        status: v.literal('uploaded'),
        parts: v.pipe(v.array(sentPartSchema), v.minLength(1), v.maxLength(maxPartNumber)),
        /** True when an earlier finish may have succeeded without its reply arriving: a repeat counts as success. */
        isRepeat: v.optional(v.boolean(), false),
      }),
      /** `details` answered `imported`: the endpoint makes sure of it. */
      v.object({ ticket, status: v.literal('imported') }),
      /** The person canceled: the endpoint discards the stored bytes and reports the cancellation to the service. */
      v.object({ ticket, status: v.literal('canceled') }),
      /** The upload failed in the browser: like `canceled`, but reported as a failure. */
      v.object({ ticket, status: v.literal('failed') }),
    ]),
  ),
});
export type FinishRequest = v.InferInput<typeof finishRequestSchema>;
export type FinishItem = v.InferOutput<typeof finishRequestSchema>['items'][number];

export const finishResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      /** The object is complete and the upload is confirmed at the media service. */
      v.object({
        outcome: v.literal('confirmed'),
        object: v.object({
          eTag: v.optional(v.string()),
          sizeBytes: v.optional(integer),
          /** `compared`: the endpoint compared the store's ETags with the MD5s; `accepted`: the store did so itself. */
          proof: v.optional(v.picklist(['compared', 'accepted'])),
        }),
        /** Present when the service assigned the media id at the confirmation. */
        mediaId: v.optional(v.string()),
        /** The browser uses this ticket from now on. */
        ticket: v.optional(ticket),
      }),
      /** These parts are missing in the store or have other bytes there: the browser sends them again. */
      v.object({ outcome: v.literal('parts-differ'), partNumbers: v.array(partNumber) }),
      /** The answer to `canceled` and `failed`: the stored bytes are discarded. */
      v.object({ outcome: v.literal('discarded') }),
      refused,
    ]),
  ),
});
export type FinishResponse = v.InferOutput<typeof finishResponseSchema>;

export const detailsRequestSchema = v.object({ items: batch(v.object({ ticket })) });

export const detailsResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({ outcome: v.literal('found'), media: mediaDetailsSchema }),
      /** Of an import that is under way. */
      v.object({
        outcome: v.literal('importing'),
        /** `waiting`: the cloud has queued it. `running`: it pulls the file. */
        state: v.picklist(['waiting', 'running']),
        canCancel: v.boolean(),
        /** 0 to 100, where the cloud says it. */
        percent: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
        /** Of the whole video, where the cloud says it before it has all of it. */
        sizeBytes: v.optional(integer),
      }),
      /** The cloud has pulled all of it: `finish` is next. One that has failed is refused with `import-failed`. */
      v.object({ outcome: v.literal('imported') }),
      refused,
    ]),
  ),
});
export type DetailsResponse = v.InferOutput<typeof detailsResponseSchema>;

/**
 * Changes title, description or tags of media that is confirmed; `Capabilities.updates` says which of them the service
 * takes. What is absent stays; an empty description, or no tags, removes what was there.
 */
const mediaUpdateSchema = v.object({
  title: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1024))),
  description: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  tags: v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(128))), v.maxLength(64))),
});
/** Title, description and tags, as far as they change. */
export type MediaUpdate = v.InferOutput<typeof mediaUpdateSchema>;

export const updateRequestSchema = v.object({
  items: batch(v.object({ ticket, update: mediaUpdateSchema })),
});
export type UpdateRequest = v.InferOutput<typeof updateRequestSchema>;

export const updateResponseSchema = v.object({
  results: v.array(v.variant('outcome', [v.object({ outcome: v.literal('updated') }), refused])),
});
export type UpdateResponse = v.InferOutput<typeof updateResponseSchema>;

import * as v from 'valibot';
import { capabilitiesSchema } from './capabilities.js';
import { mediaDetailsSchema } from './media.js';
import { problemSchema } from './problem.js';

/**
 * The JSON between browser and token endpoint. All calls are POST to `{endpoint}/{operation}`, carry a batch, and
 * answer 200 with one result per item, in the order of the items: one refused item does not spoil the others.
 * Only a call that could not be looked at as a whole answers with a problem of its own.
 */
export const operations = ['describe', 'start', 'sign', 'attach', 'list', 'finish', 'details'] as const;
export type Operation = (typeof operations)[number];

/** Most items in one call, and most parts in one `sign` item. */
export const maxBatchItems = 100;
const maxSignParts = 100;
/** A cover, and as many subtitles as any service takes. */
const maxAttachments = 17;
/** The widest part numbering of any store (S3, OBS, OSS, COS). */
const maxPartNumber = 10_000;

const integer = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const partNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxPartNumber));
const ticket = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384));
// The note lets bundlers drop the messages that only the endpoint reads from what browsers load.
/* @__NO_SIDE_EFFECTS__ */
function batch<T extends v.GenericSchema>(item: T) {
  return v.pipe(v.array(item), v.minLength(1), v.maxLength(maxBatchItems));
}

/** Base64 of the 16 raw bytes of an MD5: 24 characters. The one encoding of checksums in this protocol. */
const md5Base64Schema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{22}==$/));

const refused = v.object({ outcome: v.literal('refused'), problem: problemSchema });

/**
 * A request the browser may send as it stands, without credentials: method, URL, headers, lifetime.
 * The lifetime is relative, so that a wrong clock on the person's computer does not matter.
 */
export const signedRequestSchema = v.object({
  partNumber,
  method: v.literal('PUT'),
  url: v.string(),
  headers: v.record(v.string(), v.string()),
  /** Headers to try once with the same URL when the store refuses `headers`; for stores whose rule is not certain. */
  fallbackHeaders: v.optional(v.record(v.string(), v.string())),
  expiresInMs: v.number(),
});
export type SignedRequest = v.InferOutput<typeof signedRequestSchema>;

/**
 * Whether the store's ETags are MD5s (of a part, and of the parts' MD5s for a whole), so that they prove content.
 * Absent means they are; a store that encrypts with keys of its own answers `opaque` ones.
 */
const eTag = v.optional(v.picklist(['md5', 'opaque']));

/** How the bytes are to be cut. A single upload is one part, number 1, the whole file. */
export const transferSchema = v.variant('kind', [
  v.object({ kind: v.literal('single'), eTag }),
  v.object({
    kind: v.literal('multipart'),
    eTag,
    minPartSizeBytes: integer,
    maxPartSizeBytes: integer,
    maxPartCount: integer,
    /** Set when the store has fixed the size already; otherwise the browser plans within the limits. */
    partSizeBytes: v.optional(integer),
  }),
]);
export type Transfer = v.InferOutput<typeof transferSchema>;

/** What belongs to a video beside it: a cover, or subtitles. Small, sent in one PUT. */
export const attachmentSchema = v.object({
  /** The browser's own id of it, unique within the upload. */
  attachmentId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  kind: v.picklist(['cover', 'subtitle']),
  fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  sizeBytes: v.pipe(integer, v.minValue(1)),
  contentType: v.pipe(v.string(), v.maxLength(255)),
  md5Base64: v.optional(md5Base64Schema),
  /** Of a subtitle: BCP 47, as in `en` or `zh-CN`. */
  language: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(35))),
  /** Of a subtitle: what the viewer chooses it by. */
  title: v.optional(v.pipe(v.string(), v.maxLength(128))),
});
export type Attachment = v.InferOutput<typeof attachmentSchema>;

/** As `signedRequestSchema`, for an attachment instead of a part. */
export const signedAttachmentSchema = v.object({
  ...v.omit(signedRequestSchema, ['partNumber']).entries,
  attachmentId: v.string(),
});
export type SignedAttachment = v.InferOutput<typeof signedAttachmentSchema>;

const attachments = v.pipe(v.array(attachmentSchema), v.minLength(1), v.maxLength(maxAttachments));

/** The server-side counterpart of one upload. `ticket` is opaque and authorises every later call. */
export const uploadSessionSchema = v.object({
  ticket,
  /** Absent where the service names the media only when the upload is confirmed. */
  mediaId: v.optional(v.string()),
  transfer: transferSchema,
  /** One for each attachment of the start. */
  attachments: v.optional(v.array(signedAttachmentSchema)),
  /** Requests signed already, so that a small file needs no second call. */
  signed: v.optional(v.array(signedRequestSchema)),
});
export type UploadSession = v.InferOutput<typeof uploadSessionSchema>;

export const startRequestSchema = v.object({
  provider: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  uploads: batch(
    v.object({
      /** The browser's own id of the upload; one id never stands for two files. */
      clientId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
      sizeBytes: v.pipe(integer, v.minValue(1)),
      /** As the browser names it; may be empty. */
      contentType: v.pipe(v.string(), v.maxLength(255)),
      /** MD5 of the whole file. Sent for small files always, for others when the provider asked for it. */
      md5Base64: v.optional(md5Base64Schema),
      /** The host application's own words about the file; passed to `authorize`, never to the cloud by itself. */
      metadata: v.optional(v.record(v.string(), v.unknown())),
      /** The vendor's own parameters (title, category, workflow …), as far as `authorize` lets this caller set them. */
      options: v.optional(v.record(v.string(), v.unknown())),
      attachments: v.optional(attachments),
      /** Ticket of an upload that failed or was canceled: this one takes its place under the same media id, if it can. */
      replaces: v.optional(ticket),
    }),
  ),
});
export type StartRequest = v.InferOutput<typeof startRequestSchema>;
export type StartItem = StartRequest['uploads'][number];

export const startResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({ outcome: v.literal('started'), session: uploadSessionSchema }),
      /** The provider cannot start without the whole file's MD5: hash and call again. */
      v.object({ outcome: v.literal('checksum-required') }),
      refused,
    ]),
  ),
});
export type StartResponse = v.InferOutput<typeof startResponseSchema>;

export const signRequestSchema = v.object({
  items: batch(
    v.object({
      ticket,
      parts: v.pipe(
        v.array(v.object({ partNumber, sizeBytes: integer, md5Base64: v.optional(md5Base64Schema) })),
        v.minLength(1),
        v.maxLength(maxSignParts),
      ),
    }),
  ),
});
export type SignRequest = v.InferOutput<typeof signRequestSchema>;
export type PartToSign = SignRequest['items'][number]['parts'][number];

export const signResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({
        outcome: v.literal('signed'),
        requests: v.array(signedRequestSchema),
        /** Present when credentials inside the ticket were renewed: use this ticket from now on. */
        ticket: v.optional(ticket),
      }),
      /** The old way in has run out and the store gave a new one: begin the bytes again under this session. */
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
      v.object({ outcome: v.literal('described'), capabilities: capabilitiesSchema }),
      refused,
    ]),
  ),
});
export type DescribeResponse = v.InferOutput<typeof describeResponseSchema>;

/** Asks for requests to send attachments with: ones that came later, or whose first request has expired. */
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

/** A part as the store has it. `eTag` is verbatim but for its quotes. */
export const storedPartSchema = v.object({ partNumber, sizeBytes: integer, eTag: v.string() });
export type StoredPart = v.InferOutput<typeof storedPartSchema>;

export const listResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      v.object({ outcome: v.literal('listed'), parts: v.array(storedPartSchema) }),
      /** The store does not let anybody look: what the browser remembers is all there is to go by. */
      v.object({ outcome: v.literal('unlisted') }),
      refused,
    ]),
  ),
});
export type ListResponse = v.InferOutput<typeof listResponseSchema>;

/** A part as the browser sent it. */
export const sentPartSchema = v.object({
  partNumber,
  sizeBytes: integer,
  md5Base64: v.optional(md5Base64Schema),
});
export type SentPart = v.InferOutput<typeof sentPartSchema>;

export const finishRequestSchema = v.object({
  items: batch(
    v.variant('status', [
      v.object({
        ticket,
        status: v.literal('uploaded'),
        parts: v.pipe(v.array(sentPartSchema), v.minLength(1), v.maxLength(maxPartNumber)),
        /** True when an earlier finish may have gone through unheard: done twice counts as done. */
        isRepeat: v.optional(v.boolean(), false),
      }),
      /** The person gave up: what is stored is discarded and the service is told so. */
      v.object({ ticket, status: v.literal('canceled') }),
      /** The browser gave up: as `canceled`, but reported as a failure. */
      v.object({ ticket, status: v.literal('failed') }),
    ]),
  ),
});
export type FinishRequest = v.InferInput<typeof finishRequestSchema>;
export type FinishItem = v.InferOutput<typeof finishRequestSchema>['items'][number];

export const finishResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [
      /** The object is whole and the media service has been told. */
      v.object({
        outcome: v.literal('confirmed'),
        object: v.object({
          eTag: v.optional(v.string()),
          sizeBytes: v.optional(integer),
          /** `compared`: the endpoint compared the store's ETags with the MD5s; `accepted`: the store did so itself. */
          proof: v.optional(v.picklist(['compared', 'accepted'])),
        }),
        /** Where the service has named the media only now. */
        mediaId: v.optional(v.string()),
        /** Use this ticket from now on. */
        ticket: v.optional(ticket),
      }),
      /** The store lacks these parts, or holds other bytes under their numbers: send them again. */
      v.object({ outcome: v.literal('parts-differ'), partNumbers: v.array(partNumber) }),
      /** Answer to `canceled` and `failed`: nothing is kept. */
      v.object({ outcome: v.literal('discarded') }),
      refused,
    ]),
  ),
});
export type FinishResponse = v.InferOutput<typeof finishResponseSchema>;

export const detailsRequestSchema = v.object({ items: batch(v.object({ ticket })) });

export const detailsResponseSchema = v.object({
  results: v.array(
    v.variant('outcome', [v.object({ outcome: v.literal('found'), media: mediaDetailsSchema }), refused]),
  ),
});
export type DetailsResponse = v.InferOutput<typeof detailsResponseSchema>;

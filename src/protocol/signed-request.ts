import * as v from 'valibot';

/** The largest part number of any store (S3, OBS, OSS, COS). */
export const maxPartNumber = 10_000;
export const partNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxPartNumber));

const requestEntries = {
  method: v.literal('PUT'),
  url: v.string(),
  /** The same request at the second name of the store, with the same headers. */
  secondUrl: v.optional(v.string()),
  headers: v.record(v.string(), v.string()),
  /** Headers for one retry with the same URL after the store refused `headers`; for stores with an uncertain rule. */
  fallbackHeaders: v.optional(v.record(v.string(), v.string())),
  /** The browser adds `Content-MD5`, which the signature leaves open, so that the store refuses other bytes. */
  addsMd5: v.optional(v.boolean()),
  expiresInMs: v.number(),
};
// A spread outside of such a function stays in the browser bundle, which has readers of its own (answers.ts).
/* @__NO_SIDE_EFFECTS__ */
function requestOf<Of extends v.ObjectEntries>(of: Of) {
  return v.object({ ...of, ...requestEntries });
}

/** A request that the browser sends without credentials, unchanged but for `addsMd5`. Clocks differ: its lifetime is relative. */
export const signedRequestSchema = requestOf({ partNumber });
/** A request to the store that needs no credentials: method, URL, headers and expiry. */
export type SignedRequest = v.InferOutput<typeof signedRequestSchema>;

/** Like `signedRequestSchema`, for an attachment instead of a part. */
export const signedAttachmentSchema = requestOf({ attachmentId: v.string() });
/** Where an attachment is sent. */
export type SignedAttachment = v.InferOutput<typeof signedAttachmentSchema>;

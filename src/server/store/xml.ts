import * as v from 'valibot';
import type { StoredPart } from '../../protocol/index.js';
import { parseXml, readXmlReply, xmlList } from '../xml.js';

/**
 * The XML of multipart uploads. All stores here use that of Amazon S3 ("CreateMultipartUpload", "ListParts",
 * "CompleteMultipartUpload", "Error responses"); only what is used is asked for, since each leaves out or adds a little.
 */
const partSchema = v.object({
  PartNumber: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.toNumber()),
  ETag: v.string(),
  Size: v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.toNumber()),
});

export const initiatedSchema = v.object({
  InitiateMultipartUploadResult: v.object({ UploadId: v.pipe(v.string(), v.minLength(1)) }),
});
/** Ceph's gateway names no ETag here. */
const completedSchema = v.object({
  CompleteMultipartUploadResult: v.union([v.object({ ETag: v.optional(v.string()) }), v.literal('')]),
});
/** A boolean of XML Schema, in whatever case. */
export const truncatedSchema = v.pipe(
  v.optional(v.string(), 'false'),
  v.transform((text) => /^(true|1)$/i.test(text)),
);
export const listedSchema = v.object({
  ListPartsResult: v.object({
    IsTruncated: truncatedSchema,
    NextPartNumberMarker: v.optional(v.string()),
    Part: xmlList(partSchema),
  }),
});
/** OSS names the part that a completion failed at. */
export const storeErrorSchema = v.object({
  Error: v.object({
    Code: v.string(),
    RequestId: v.optional(v.string()),
    PartNumber: v.optional(v.string()),
  }),
});

/** The code of an error in the body, whatever the status: a completion can fail after its status 200 has been sent. */
export function storeErrorCode(text: string): string | undefined {
  // A page of parts need not be read twice.
  return text.includes('Error') ? parseXml(storeErrorSchema, text)?.Error.Code : undefined;
}

/** ETag of the object from the answer to a completion, without quotes; `undefined` where the store names none. */
export function readCompletedETag(text: string, what: string): string | undefined {
  const result = readXmlReply(completedSchema, text, what).CompleteMultipartUploadResult;
  return result !== '' && result.ETag ? unquote(result.ETag) : undefined;
}

export function toStoredPart({ PartNumber, ETag, Size }: v.InferOutput<typeof partSchema>): StoredPart {
  return { partNumber: PartNumber, sizeBytes: Size, eTag: unquote(ETag) };
}

export function unquote(eTag: string): string {
  return eTag.replace(/^"|"$/g, '');
}

export interface PartToComplete {
  readonly partNumber: number;
  /** Without quotes. */
  readonly eTag: string;
}

export interface CompleteBodyOptions {
  /** Of the root element; most stores ask for none. */
  readonly xmlns?: string;
  /** How the quotes around an ETag are written. Default `"`. */
  readonly quote?: '"' | '&quot;';
}

/** Body of "CompleteMultipartUpload". */
export function completeBody(
  parts: readonly PartToComplete[],
  { xmlns, quote = '"' }: CompleteBodyOptions = {},
): string {
  const rows = parts.map(
    ({ partNumber, eTag }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${quote}${escapeXml(eTag)}${quote}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload${xmlns ? ` xmlns="${xmlns}"` : ''}>${rows.join('')}</CompleteMultipartUpload>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

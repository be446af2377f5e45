import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as v from 'valibot';
import type { StoredPart } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';

/**
 * Shapes of the S3 API ("CreateMultipartUpload", "ListParts", "CompleteMultipartUpload", "Error responses"). Only what
 * is used is asked for: stores of other makers leave out or add what they like.
 */
const partSchema = v.object({
  PartNumber: v.pipe(v.string(), v.toNumber(), v.integer()),
  ETag: v.string(),
  Size: v.pipe(v.string(), v.toNumber(), v.integer()),
});

export const initiatedSchema = v.object({ InitiateMultipartUploadResult: v.object({ UploadId: v.pipe(v.string(), v.minLength(1)) }) });
/** Ceph's gateway names no ETag here. */
export const completedSchema = v.object({ CompleteMultipartUploadResult: v.union([v.object({ ETag: v.optional(v.string()) }), v.literal('')]) });
export const listedSchema = v.object({
  ListPartsResult: v.object({
    IsTruncated: v.optional(v.string(), 'false'),
    NextPartNumberMarker: v.optional(v.string()),
    Part: v.optional(v.array(partSchema), []),
  }),
});
export const errorSchema = v.object({ Error: v.object({ Code: v.string(), RequestId: v.optional(v.string()) }) });

/** Nothing is guessed to be a number: an ETag may be all digits. */
const xml = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreDeclaration: true, isArray: (name) => name === 'Part' });

export function parseXml<T extends v.GenericSchema>(schema: T, text: string): v.InferOutput<T> | undefined {
  if (XMLValidator.validate(text) !== true) return undefined;
  const parsed = v.safeParse(schema, xml.parse(text));
  return parsed.success ? parsed.output : undefined;
}

export function readXmlReply<T extends v.GenericSchema>(schema: T, text: string, what: string): v.InferOutput<T> {
  const parsed = parseXml(schema, text);
  if (parsed === undefined) throw new EndpointError('vendor-invalid-reply', { detail: `${what}: the answer is not as documented` });
  return parsed;
}

export function toStoredPart({ PartNumber, ETag, Size }: v.InferOutput<typeof partSchema>): StoredPart {
  return { partNumber: PartNumber, sizeBytes: Size, eTag: unquote(ETag) };
}

export function unquote(eTag: string): string {
  return eTag.replace(/^"|"$/g, '');
}

export function completeBody(parts: readonly StoredPart[]): string {
  const rows = parts.map(({ partNumber, eTag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>"${escapeXml(eTag)}"</ETag></Part>`);
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rows.join('')}</CompleteMultipartUpload>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What the stores' answers are made of; how a dialect dresses them is in its own `xml.ts`. */
export type XmlValue = string | number | boolean | { [name: string]: XmlValue | XmlValue[] };

/** Elements in the order given; a list is one element for each entry. Without quotes escaped unless asked for. */
export function elements(
  fields: Record<string, XmlValue | XmlValue[]>,
  escape: (text: string) => string = escapeText,
): string {
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(
        (one) =>
          `<${name}>${typeof one === 'object' ? elements(one, escape) : escape(String(one))}</${name}>`,
      ),
    )
    .join('');
}

export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;');
}

/** Some stores write quotes as entities also where they need not. */
export function escapeQuotesToo(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;');
}

export interface ListedPart {
  partNumber: number;
  /** Without quotes: requests may quote it or not. */
  etag: string;
}

const parser = new XMLParser({
  parseTagValue: false,
  removeNSPrefix: true,
  isArray: (name) => name === 'Part',
});

/** Body of a completed multipart upload: at least one part, each with a number and an ETag. `undefined` when it is anything else. */
export function parseListedParts(text: string): ListedPart[] | undefined {
  if (text.trim() === '' || XMLValidator.validate(text) !== true) return undefined;
  const root = (parser.parse(text) as Record<string, unknown>)['CompleteMultipartUpload'];
  const parts = isRecord(root) ? root['Part'] : undefined;
  if (!Array.isArray(parts)) return undefined;
  const listed = parts.map(parseListedPart);
  return listed.every((part) => part !== undefined) ? listed : undefined;
}

function parseListedPart(part: unknown): ListedPart | undefined {
  const number = isRecord(part) ? part['PartNumber'] : undefined;
  const etag = isRecord(part) ? part['ETag'] : undefined;
  if (typeof number !== 'string' || !/^\d+$/.test(number.trim()) || typeof etag !== 'string')
    return undefined;
  return { partNumber: Number(number), etag: etag.trim().replace(/^"(.*)"$/, '$1') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ObsError } from './errors.js';

export type XmlValue = string | number | boolean | { [name: string]: XmlValue | XmlValue[] };

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export function resultDocument(region: string, root: string, fields: Record<string, XmlValue | XmlValue[]>): string {
  return `${declaration}<${root} xmlns="http://obs.${region}.myhuaweicloud.com/doc/2015-06-30/">${elements(fields)}</${root}>`;
}

export function errorDocument(fields: Record<string, string>): string {
  return `${declaration}<Error>${elements(fields)}</Error>`;
}

export interface ListedPart {
  partNumber: number;
  /** Without quotes: requests may quote it or not. */
  etag: string;
}

const parser = new XMLParser({ parseTagValue: false, removeNSPrefix: true, isArray: (name) => name === 'Part' });

/** Body of "Completing a Multipart Upload": at least one part, each with a number and an ETag. */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '') throw new ObsError('MissingRequestBodyError');
  if (XMLValidator.validate(text) !== true) throw new ObsError('MalformedXML');
  const document = parser.parse(text) as Record<string, unknown>;
  const root = document['CompleteMultipartUpload'];
  const parts = isRecord(root) ? root['Part'] : undefined;
  if (!Array.isArray(parts)) throw new ObsError('MalformedXML');
  return parts.map(parseListedPart);
}

function parseListedPart(part: unknown): ListedPart {
  const number = isRecord(part) ? part['PartNumber'] : undefined;
  const etag = isRecord(part) ? part['ETag'] : undefined;
  if (typeof number !== 'string' || !/^\d+$/.test(number.trim()) || typeof etag !== 'string') throw new ObsError('MalformedXML');
  return { partNumber: Number(number), etag: etag.trim().replace(/^"(.*)"$/, '$1') };
}

function elements(fields: Record<string, XmlValue | XmlValue[]>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => element(name, one)))
    .join('');
}

function element(name: string, value: XmlValue): string {
  return `<${name}>${typeof value === 'object' ? elements(value) : escapeText(String(value))}</${name}>`;
}

/** Also the control characters that XML 1.0 has no way to write raw in an element. */
function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\r/g, '&#13;');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

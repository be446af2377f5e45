import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { s3Namespace } from '../../../vendors/s3.js';
import { S3Error } from './errors.js';

export type XmlValue = string | number | boolean | { [name: string]: XmlValue | XmlValue[] };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function resultDocument(root: string, fields: Record<string, XmlValue | XmlValue[]>, namespace: string = s3Namespace): string {
  return `${declaration}<${root} xmlns="${namespace}">${elements(fields)}</${root}>`;
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

/** Body of "CompleteMultipartUpload": at least one part, each with a number and an ETag. */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '' || XMLValidator.validate(text) !== true) throw new S3Error('MalformedXML');
  const root = (parser.parse(text) as Record<string, unknown>)['CompleteMultipartUpload'];
  const parts = isRecord(root) ? root['Part'] : undefined;
  if (!Array.isArray(parts)) throw new S3Error('MalformedXML');
  return parts.map(parseListedPart);
}

function parseListedPart(part: unknown): ListedPart {
  const number = isRecord(part) ? part['PartNumber'] : undefined;
  const etag = isRecord(part) ? part['ETag'] : undefined;
  if (typeof number !== 'string' || !/^\d+$/.test(number.trim()) || typeof etag !== 'string') throw new S3Error('MalformedXML');
  return { partNumber: Number(number), etag: etag.trim().replace(/^"(.*)"$/, '$1') };
}

function elements(fields: Record<string, XmlValue | XmlValue[]>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => `<${name}>${typeof one === 'object' ? elements(one) : escapeText(String(one))}</${name}>`))
    .join('');
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\r/g, '&#13;');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

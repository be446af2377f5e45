import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { OssError } from './errors.js';

export type XmlValue = string | number | boolean | { [name: string]: XmlValue | XmlValue[] };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function resultDocument(root: string, fields: Record<string, XmlValue | XmlValue[]>): string {
  return `${declaration}<${root} xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">${elements(fields)}</${root}>`;
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
  if (text.trim() === '' || XMLValidator.validate(text) !== true) throw new OssError('MalformedXML');
  const root = (parser.parse(text) as Record<string, unknown>)['CompleteMultipartUpload'];
  const parts = isRecord(root) ? root['Part'] : undefined;
  if (!Array.isArray(parts)) throw new OssError('MalformedXML');
  return parts.map(parseListedPart);
}

function parseListedPart(part: unknown): ListedPart {
  const number = isRecord(part) ? part['PartNumber'] : undefined;
  const etag = isRecord(part) ? part['ETag'] : undefined;
  if (typeof number !== 'string' || !/^\d+$/.test(number.trim()) || typeof etag !== 'string') throw new OssError('MalformedXML');
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

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

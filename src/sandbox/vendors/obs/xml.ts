import {
  elements,
  escapeQuotesToo,
  parseListedParts,
  type ListedPart,
  type XmlValue,
} from '../../http/xml.js';
import { ObsError } from './errors.js';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export function resultDocument(
  region: string,
  root: string,
  fields: Record<string, XmlValue | XmlValue[]>,
): string {
  return `${declaration}<${root} xmlns="http://obs.${region}.myhuaweicloud.com/doc/2015-06-30/">${elements(fields, escapeQuotesToo)}</${root}>`;
}

export function errorDocument(fields: Record<string, string>): string {
  return `${declaration}<Error>${elements(fields, escapeQuotesToo)}</Error>`;
}

/** Body of "Completing a Multipart Upload". */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '') throw new ObsError('MissingRequestBodyError');
  const parts = parseListedParts(text);
  if (!parts) throw new ObsError('MalformedXML');
  return parts;
}

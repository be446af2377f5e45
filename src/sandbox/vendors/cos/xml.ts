import { elements, parseListedParts, type ListedPart, type XmlValue } from '../../http/xml.js';
import { CosError } from './errors.js';

export function resultDocument(root: string, fields: Record<string, XmlValue | XmlValue[]>): string {
  return `<${root}>${elements(fields)}</${root}>`;
}

/** With single quotes in its declaration, as in the samples of "Error Codes". */
export function errorDocument(fields: Record<string, string>): string {
  return `<?xml version='1.0' encoding='utf-8' ?>\n<Error>${elements(fields)}</Error>`;
}

/** Body of "Complete Multipart Upload". */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '') throw new CosError('MissingRequestBodyError');
  const parts = parseListedParts(text);
  if (!parts) throw new CosError('MalformedXML');
  return parts;
}

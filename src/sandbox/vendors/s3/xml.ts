import { s3Namespace } from '../../../vendors/s3.js';
import {
  elements,
  escapeQuotesToo,
  parseListedParts,
  type ListedPart,
  type XmlValue,
} from '../../http/xml.js';
import { S3Error } from './errors.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function resultDocument(
  root: string,
  fields: Record<string, XmlValue | XmlValue[]>,
  namespace: string = s3Namespace,
): string {
  return `${declaration}<${root} xmlns="${namespace}">${elements(fields, escapeQuotesToo)}</${root}>`;
}

export function errorDocument(fields: Record<string, string>): string {
  return `${declaration}<Error>${elements(fields, escapeQuotesToo)}</Error>`;
}

/** Body of "CompleteMultipartUpload". */
export function parseCompleteBody(text: string): ListedPart[] {
  const parts = parseListedParts(text);
  if (!parts) throw new S3Error('MalformedXML');
  return parts;
}

import { elements, parseListedParts, type ListedPart, type XmlValue } from '../../http/xml.js';
import { OssError } from './errors.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function resultDocument(root: string, fields: Record<string, XmlValue | XmlValue[]>): string {
  return `${declaration}<${root} xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">${elements(fields)}</${root}>`;
}

export function errorDocument(fields: Record<string, string>): string {
  return `${declaration}<Error>${elements(fields)}</Error>`;
}

/** Body of "CompleteMultipartUpload". */
export function parseCompleteBody(text: string): ListedPart[] {
  const parts = parseListedParts(text);
  if (!parts) throw new OssError('MalformedXML');
  return parts;
}

import type { SandboxContext } from '../../context.js';
import type { XmlDialect } from '../../http/xml-style.js';
import { parseListedParts, xmlDocument, type ListedPart, type XmlFields } from '../../http/xml.js';
import { OssError } from './errors.js';

const dialect: XmlDialect = { declaration: '<?xml version="1.0" encoding="UTF-8"?>\n', quotes: 'raw' };
const namespace = 'http://doc.oss-cn-hangzhou.aliyuncs.com';

export function resultDocument({ settings }: SandboxContext, root: string, fields: XmlFields): string {
  return xmlDocument(root, fields, { ...dialect, namespace }, settings.xmlStyle);
}

export function errorDocument({ settings }: SandboxContext, fields: XmlFields): string {
  return xmlDocument('Error', fields, dialect, settings.xmlStyle);
}

/** Body of "CompleteMultipartUpload". */
export function parseCompleteBody(text: string): ListedPart[] {
  const parts = parseListedParts(text);
  if (!parts) throw new OssError('MalformedXML');
  return parts;
}

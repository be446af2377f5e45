import { s3Namespace } from '../../../vendors/s3.js';
import type { SandboxContext } from '../../context.js';
import type { XmlDialect } from '../../http/xml-style.js';
import {
  parseListedParts,
  xmlDocument,
  type ListedPart,
  type XmlFields,
  type XmlValue,
} from '../../http/xml.js';
import { S3Error } from './errors.js';

const dialect: XmlDialect = { declaration: '<?xml version="1.0" encoding="UTF-8"?>\n', quotes: 'named' };

export function resultDocument(
  { settings }: SandboxContext,
  root: string,
  content: XmlValue,
  namespace: string = s3Namespace,
): string {
  return xmlDocument(root, content, { ...dialect, namespace }, settings.xmlStyle);
}

export function errorDocument({ settings }: SandboxContext, fields: XmlFields): string {
  return xmlDocument('Error', fields, dialect, settings.xmlStyle);
}

/** Body of "CompleteMultipartUpload". */
export function parseCompleteBody(text: string): ListedPart[] {
  const parts = parseListedParts(text);
  if (!parts) throw new S3Error('MalformedXML');
  return parts;
}

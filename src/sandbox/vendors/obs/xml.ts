import type { SandboxContext } from '../../context.js';
import type { XmlDialect } from '../../http/xml-style.js';
import { parseListedParts, xmlDocument, type ListedPart, type XmlFields } from '../../http/xml.js';
import { ObsError } from './errors.js';

const dialect: XmlDialect = {
  declaration: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
  quotes: 'named',
};

export function resultDocument(
  { context, region }: { context: SandboxContext; region: string },
  root: string,
  fields: XmlFields,
): string {
  const namespace = `http://obs.${region}.myhuaweicloud.com/doc/2015-06-30/`;
  return xmlDocument(root, fields, { ...dialect, namespace }, context.settings.xmlStyle);
}

export function errorDocument({ settings }: SandboxContext, fields: XmlFields): string {
  return xmlDocument('Error', fields, dialect, settings.xmlStyle);
}

/** Body of "Completing a Multipart Upload". */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '') throw new ObsError('MissingRequestBodyError');
  const parts = parseListedParts(text);
  if (!parts) throw new ObsError('MalformedXML');
  return parts;
}

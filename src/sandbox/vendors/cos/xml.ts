import type { SandboxContext } from '../../context.js';
import { parseListedParts, xmlDocument, type ListedPart, type XmlFields } from '../../http/xml.js';
import { CosError } from './errors.js';

export function resultDocument({ settings }: SandboxContext, root: string, fields: XmlFields): string {
  return xmlDocument(root, fields, { declaration: '', quotes: 'raw' }, settings.xmlStyle);
}

/** With single quotes in its declaration, as in the samples of "Error Codes". */
const errorDeclaration = "<?xml version='1.0' encoding='utf-8' ?>\n";

export function errorDocument({ settings }: SandboxContext, fields: XmlFields): string {
  return xmlDocument('Error', fields, { declaration: errorDeclaration, quotes: 'raw' }, settings.xmlStyle);
}

/** Body of "Complete Multipart Upload". */
export function parseCompleteBody(text: string): ListedPart[] {
  if (text.trim() === '') throw new CosError('MissingRequestBodyError');
  const parts = parseListedParts(text);
  if (!parts) throw new CosError('MalformedXML');
  return parts;
}

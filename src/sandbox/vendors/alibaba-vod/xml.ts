import type { XmlStyle } from '../../http/xml-style.js';
import { xmlDocument, type XmlFields } from '../../http/xml.js';

/** The XML form of every answer (API reference, "Response"): a list is one element with an element for each item. */
export function answerDocument(style: XmlStyle, root: string, fields: Record<string, unknown>): string {
  const dialect = { declaration: '<?xml version="1.0" encoding="UTF-8"?>', quotes: 'raw' as const };
  return xmlDocument(root, fields as XmlFields, dialect, style);
}

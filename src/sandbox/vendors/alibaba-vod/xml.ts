import { escapeText } from '../../http/xml.js';

/** The XML form of every answer (API reference, "Response"): a list is one element with an element for each item. */
export function xmlDocument(root: string, fields: Record<string, unknown>): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${elements(fields)}</${root}>`;
}

function elements(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('');
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one: unknown) => element(name, one)).join('');
  if (typeof value === 'object' && value !== null)
    return `<${name}>${elements(value as Record<string, unknown>)}</${name}>`;
  return `<${name}>${escapeText(String(value))}</${name}>`;
}

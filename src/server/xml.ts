import * as v from 'valibot';
import { EndpointError } from './errors.js';

/** An element: its text, trimmed, or its children. */
export type XmlValue = string | XmlElement;
/** Children by name without prefix, in a list where there are several of one name. */
export interface XmlElement {
  readonly [name: string]: XmlValue | readonly XmlValue[];
}

/** A page of a thousand parts takes a third of this. */
const maxLength = 1024 ** 2;
const maxDepth = 32;

const name = String.raw`[\p{L}_:][\p{L}\p{N}\p{M}_:.-]*`;
const attributes = String.raw`(?:\s+${name}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*`;
const token = new RegExp(
  [
    String.raw`<(?<open>${name})${attributes}(?<empty>/?)>`,
    String.raw`</(?<close>${name})\s*>`,
    String.raw`(?<text>[^<]+)`,
    String.raw`<!\[CDATA\[(?<cdata>(?:(?!\]\]>)[\s\S])*)\]\]>`,
    // Comments, processing instructions and the declaration say nothing of the answer.
    String.raw`<!--(?:(?!--)[\s\S])*-->`,
    String.raw`<\?(?:(?!\?>)[\s\S])*\?>`,
  ].join('|'),
  'uy',
);
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const reference = /&(?:#(\d{1,8})|#x([\da-fA-F]{1,8})|(amp|lt|gt|quot|apos));/g;
const otherAmpersand = new RegExp(`&(?!${reference.source.slice(1)})`);

/** The document by a schema; `undefined` when it is not XML, or of another shape. */
export function parseXml<T extends v.GenericSchema>(schema: T, text: string): v.InferOutput<T> | undefined {
  const parsed = v.safeParse(schema, readXml(text));
  return parsed.success ? parsed.output : undefined;
}

/** As `parseXml`, and throws `vendor-invalid-reply`. `what` names the call in the error; the answer itself stays out of it. */
export function readXmlReply<T extends v.GenericSchema>(
  schema: T,
  text: string,
  what: string,
): v.InferOutput<T> {
  const parsed = parseXml(schema, text);
  if (parsed === undefined)
    throw new EndpointError('vendor-invalid-reply', { detail: `${what}: the answer is not as documented` });
  return parsed;
}

/** Elements of one name: none, one or many. */
export function xmlList<T extends v.GenericSchema>(entry: T) {
  const one = v.pipe(
    entry,
    v.transform((value) => [value]),
  );
  return v.optional(v.union([v.array(entry), one]), []);
}

/**
 * Reads the XML of vendors and stores: elements and text ("Extensible Markup Language (XML) 1.0"), with every character
 * reference, CDATA, and names without their namespace prefix, since makers and regions differ in all of these.
 * Attributes are passed over. Nothing is taken for a number: an ETag may be all digits.
 *
 * `undefined` for what is not well-formed, too long or too deep, and for a document type: no entity is ever defined, so
 * none can expand. Spaces may stand ahead: some stores send them to keep a slow request alive.
 */
export function readXml(document: string): XmlElement | undefined {
  const text = document.trim();
  if (text.length > maxLength) return undefined;
  const top = new OpenElement('');
  const open = [top];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const { groups } = token.exec(text) ?? {};
    const current = open.at(-1);
    if (!groups || !current) return undefined;
    if (groups['open'] !== undefined) {
      if (open.length > maxDepth || (current === top && !top.isEmpty)) return undefined;
      const element = new OpenElement(groups['open']);
      if (groups['empty']) current.add(element);
      else open.push(element);
    } else if (groups['close'] !== undefined) {
      open.pop();
      if (current.name !== groups['close']) return undefined;
      open.at(-1)?.add(current);
    } else if (groups['text'] !== undefined || groups['cdata'] !== undefined) {
      const characters = groups['cdata'] ?? decode(groups['text'] ?? '');
      if (characters === undefined || (current === top && characters.trim() !== '')) return undefined;
      current.text += characters;
    }
  }
  return open.length === 1 && !top.isEmpty ? top.children : undefined;
}

class OpenElement {
  readonly name: string;
  /** Without a prototype: an element may be called anything. */
  readonly children = Object.create(null) as Record<string, XmlValue | XmlValue[]>;
  text = '';
  isEmpty = true;

  constructor(name: string) {
    this.name = name;
  }

  add({ name, isEmpty, text, children }: OpenElement): void {
    const local = name.slice(name.lastIndexOf(':') + 1);
    const value = isEmpty ? text.trim() : children;
    const before = this.children[local];
    if (before === undefined) this.children[local] = value;
    else if (Array.isArray(before)) before.push(value);
    else this.children[local] = [before, value];
    this.isEmpty = false;
  }
}

/** `undefined` for a reference that stands for no character. */
function decode(text: string): string | undefined {
  if (otherAmpersand.test(text)) return undefined;
  let isKnown = true;
  const decoded = text.replace(reference, (_, decimal?: string, hex?: string, word?: string) => {
    if (word !== undefined) return named[word] ?? '';
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (isCharacter) return String.fromCodePoint(code);
    isKnown = false;
    return '';
  });
  return isKnown ? decoded : undefined;
}

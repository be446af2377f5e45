import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { quoteReferences, type XmlDialect, type XmlStyle } from './xml-style.js';

/** Undefined values are left out. */
export type XmlValue = string | number | boolean | undefined | { [name: string]: XmlValue | XmlValue[] };
export type XmlFields = Record<string, XmlValue | XmlValue[]>;

/** A whole document: text, or elements in the given order; a list is one element for each entry. */
export function xmlDocument(root: string, content: XmlValue, dialect: XmlDialect, style: XmlStyle): string {
  const { namespace } = style.namespace === 'none' ? {} : dialect;
  const prefix = style.namespace === 'prefixed' ? 'ns0:' : '';
  const uri = namespace ?? (prefix === '' ? undefined : 'urn:sandbox');
  const attribute = uri === undefined ? '' : ` xmlns${prefix === '' ? '' : ':ns0'}="${uri}"`;
  const writer = new Writer({
    prefix,
    style,
    quotes: style.quotes === 'vendor' ? dialect.quotes : style.quotes,
  });
  return `${dialect.declaration}${writer.element(root, content, attribute)}`;
}

class Writer {
  readonly #prefix: string;
  readonly #style: XmlStyle;
  readonly #quotes: keyof typeof quoteReferences;

  constructor(options: { prefix: string; style: XmlStyle; quotes: keyof typeof quoteReferences }) {
    this.#prefix = options.prefix;
    this.#style = options.style;
    this.#quotes = options.quotes;
  }

  element(name: string, value: XmlValue, attribute = '', depth = 0): string {
    const tag = `${this.#prefix}${name}`;
    const content = typeof value === 'object' ? this.#children(value, depth) : this.#text(String(value));
    if (content === '' && this.#style.empty === 'self-closing') return `<${tag}${attribute}/>`;
    return `<${tag}${attribute}>${content}</${tag}>`;
  }

  #children(fields: XmlFields, depth: number): string {
    const elements = Object.entries(fields).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .filter((one) => one !== undefined)
        .map((one) => this.element(name, one, '', depth + 1)),
    );
    if (!this.#style.indented || elements.length === 0) return elements.join('');
    const line = (level: number): string => `\n${'  '.repeat(level)}`;
    return `${elements.map((one) => `${line(depth + 1)}${one}`).join('')}${line(depth)}`;
  }

  #text(text: string): string {
    if (this.#style.cdata && text !== '') return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    return escapeText(text).replaceAll('"', quoteReferences[this.#quotes]);
  }
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;');
}

/** A part named in the body of a complete request. */
export interface ListedPart {
  partNumber: number;
  /** Without quotes: requests may quote it or not. */
  etag: string;
  /** `ChecksumSHA256` and the like, by their element's name. */
  checksums: Readonly<Record<string, string>>;
}

const maxDepth = 10;
const parser = new XMLParser({
  parseTagValue: false,
  removeNSPrefix: true,
  htmlEntities: true,
  maxNestedTags: maxDepth,
  isArray: (name) => name === 'Part',
});

/**
 * Body of a complete request: at least one part, each with a number and an ETag. Reads every character reference, CDATA
 * and namespace prefixes; callers limit the size. `undefined` when it is anything else.
 */
export function parseListedParts(text: string): ListedPart[] | undefined {
  const root = parseXml(text)?.['CompleteMultipartUpload'];
  const parts = isRecord(root) ? root['Part'] : undefined;
  if (!Array.isArray(parts)) return undefined;
  const listed = parts.map(parseListedPart);
  return listed.every((part) => part !== undefined) ? listed : undefined;
}

/** CDATA, comments and instructions; none begins within another, so that text built to take long does not. */
const silent =
  /(<!\[CDATA\[(?:(?!<!\[CDATA\[)[\s\S])*?\]\]>)|<!--(?:(?!--)[\s\S])*-->|<\?(?:(?!<\?)[\s\S])*?\?>/g;

/** Undefined unless the text is well-formed XML of limited depth, without a document type and unknown references. */
function parseXml(text: string): Record<string, unknown> | undefined {
  // Comments and instructions say nothing, and what is in them or in CDATA is no reference.
  const bare = text.replace(silent, (_, cdata: string | undefined) => cdata ?? '');
  const outsideCdata = bare.replace(silent, '');
  if (/<!DOCTYPE/i.test(outsideCdata)) return undefined;
  if (/&(?!(amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/.test(outsideCdata)) return undefined;
  const document = bare.trim();
  if (document === '' || XMLValidator.validate(document) !== true) return undefined;
  try {
    return parser.parse(document) as Record<string, unknown>;
  } catch {
    // Nested too deeply.
    return undefined;
  }
}

function parseListedPart(part: unknown): ListedPart | undefined {
  if (!isRecord(part)) return undefined;
  const { PartNumber: number, ETag: etag } = part;
  if (typeof number !== 'string' || !/^\d{1,9}$/.test(number.trim()) || typeof etag !== 'string')
    return undefined;
  const checksums = Object.entries(part).filter(
    (entry): entry is [string, string] => entry[0].startsWith('Checksum') && typeof entry[1] === 'string',
  );
  return {
    partNumber: Number(number),
    etag: etag.trim().replace(/^"(.*)"$/, '$1'),
    checksums: Object.fromEntries(checksums.map(([name, value]) => [name, value.trim()])),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

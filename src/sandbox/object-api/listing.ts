import { encodeStrict, firstValue } from '../http/encoding.js';
import type { XmlFields, XmlValue } from '../http/xml.js';
import type { SandboxContext } from '../context.js';
import type { SandboxRequest } from '../http/request.js';
import type { StoredObject } from '../store/object-store.js';
import { wholeNumberOf } from './paging.js';

/** Where the stores' lists of objects differ. */
export interface ListingRules {
  readonly maxKeys: { readonly byDefault: number; readonly most: number };
  /** Whether a larger number than `most` is an error, or lists `most`. */
  readonly tooManyKeys: 'refused' | 'capped';
  /** The ETag as the store shows it. */
  readonly etagOf: (object: StoredObject) => string;
  /** Further elements of an object. */
  readonly more: (object: StoredObject) => Readonly<Record<string, XmlValue>>;
  /** A parameter with an invalid value. */
  readonly refuse: (parameter: string) => Error;
  /** Where the RADOS Gateway differs. */
  readonly isCeph?: boolean;
}

interface Source {
  readonly context: SandboxContext;
  readonly request: SandboxRequest;
  readonly bucket: string;
}

type Entry = { prefix: string } | { object: StoredObject };

/** One page of a bucket's keys after `after`, with the keys below a delimiter grouped. */
class Listing {
  readonly page: Entry[];
  readonly isTruncated: boolean;
  readonly #source: Source;
  readonly #rules: ListingRules;
  readonly #isEncoded: boolean;
  readonly #prefix: string;
  readonly #delimiter: string | undefined;
  readonly #max: number;

  constructor(source: Source, after: string, rules: ListingRules) {
    const { query } = source.request;
    this.#source = source;
    this.#rules = rules;
    const encoding = firstValue(query, 'encoding-type');
    if (encoding !== undefined && encoding !== 'url' && !rules.isCeph) throw rules.refuse('encoding-type');
    this.#isEncoded = encoding === 'url';
    this.#prefix = firstValue(query, 'prefix') ?? '';
    this.#delimiter = firstValue(query, 'delimiter') || undefined;
    this.#max = maxOf(firstValue(query, 'max-keys'), rules);
    const all = this.#entriesAfter(after);
    this.page = all.slice(0, this.#max);
    this.isTruncated = this.#max > 0 && all.length > this.page.length;
  }

  /** Key or common prefix that the page ends with. */
  get last(): string {
    const entry = this.page.at(-1);
    return entry ? nameOf(entry) : '';
  }

  get parameters(): {
    Prefix: string;
    Delimiter: string | undefined;
    MaxKeys: number;
    EncodingType: string | undefined;
  } {
    return {
      Prefix: this.encodeParameter(this.#prefix),
      Delimiter: this.#delimiter === undefined ? undefined : this.encodeParameter(this.#delimiter),
      MaxKeys: this.#max,
      EncodingType: this.#isEncoded ? 'url' : undefined,
    };
  }

  get entries(): XmlFields {
    const objects = this.page.flatMap((entry) => ('object' in entry ? [entry.object] : []));
    const prefixes = this.page.flatMap((entry) => ('prefix' in entry ? [entry.prefix] : []));
    return {
      Contents: objects.map((object) => ({
        Key: this.#rules.isCeph && this.#isEncoded ? encodeStrict(object.key) : this.encode(object.key),
        LastModified: new Date(object.modifiedAt).toISOString(),
        ETag: this.#rules.etagOf(object),
        Size: object.sizeBytes,
        ...this.#rules.more(object),
      })),
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: this.encode(prefix) })),
    };
  }

  encode(text: string): string {
    return this.#isEncoded ? encodeStrict(text).replaceAll('%2F', '/') : text;
  }

  /** A value of the request. Ceph encodes keys and common prefixes only. */
  encodeParameter(text: string): string {
    return this.#rules.isCeph ? text : this.encode(text);
  }

  #entriesAfter(after: string): Entry[] {
    const { context, bucket } = this.#source;
    const objects = context.store
      .objects()
      .filter((object) => object.bucket === bucket && object.key.startsWith(this.#prefix))
      .sort((a, b) => compareBytes(a.key, b.key));
    const entries = new Map<string, Entry>();
    for (const object of objects) {
      const entry = this.#entryOf(object);
      const name = nameOf(entry);
      // A common prefix that a page ended with is not repeated for the keys below it.
      if (compareBytes(name, after) > 0 && !entries.has(name)) entries.set(name, entry);
    }
    return [...entries.values()];
  }

  #entryOf(object: StoredObject): Entry {
    if (this.#delimiter === undefined) return { object };
    const cut = object.key.indexOf(this.#delimiter, this.#prefix.length);
    return cut < 0 ? { object } : { prefix: object.key.slice(0, cut + this.#delimiter.length) };
  }
}

/**
 * Fields of a list by `marker`, as all these stores have it. `NextMarker` is there whenever the page is not the last
 * one; S3 leaves it out without a delimiter.
 */
export function markerFields(source: Source, rules: ListingRules, needsDelimiter = false): XmlFields {
  const marker = firstValue(source.request.query, 'marker') ?? '';
  const list = new Listing(source, marker, rules);
  const isNeeded = !needsDelimiter || rules.isCeph || list.parameters.Delimiter !== undefined;
  const namesNext = list.isTruncated && isNeeded;
  return {
    Name: source.bucket,
    ...list.parameters,
    Marker: list.encodeParameter(marker),
    NextMarker: namesNext ? list.encodeParameter(list.last) : undefined,
    IsTruncated: list.isTruncated,
    ...list.entries,
  };
}

/** Fields of a list by `continuation-token`. */
export function tokenFields(source: Source, rules: ListingRules): XmlFields {
  const { query } = source.request;
  const token = firstValue(query, 'continuation-token');
  const startAfter = firstValue(query, 'start-after');
  const list = new Listing(
    source,
    token === undefined ? (startAfter ?? '') : decodeToken(token, rules),
    rules,
  );
  return {
    Name: source.bucket,
    ...list.parameters,
    StartAfter: startAfter === undefined ? undefined : list.encodeParameter(startAfter),
    ContinuationToken: token,
    KeyCount: list.page.length,
    IsTruncated: list.isTruncated,
    NextContinuationToken: list.isTruncated ? encodeToken(list.last, rules) : undefined,
    ...list.entries,
  };
}

function maxOf(
  text: string | undefined,
  { maxKeys, tooManyKeys, isCeph = false, refuse }: ListingRules,
): number {
  if (isCeph && text === '') return maxKeys.byDefault;
  if (isCeph && /^-\d{1,9}$/.test(text ?? '')) return 0;
  const limit = tooManyKeys === 'refused' ? maxKeys.most : Number.MAX_SAFE_INTEGER;
  const max = text === undefined ? maxKeys.byDefault : wholeNumberOf(text, 0, limit);
  if (max === undefined) throw refuse('max-keys');
  return Math.min(max, maxKeys.most);
}

function nameOf(entry: Entry): string {
  return 'object' in entry ? entry.object.key : entry.prefix;
}

/** Keys are listed in the order of their UTF-8 bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Ceph's tokens are the keys themselves. */
function encodeToken(last: string, { isCeph }: ListingRules): string {
  return isCeph ? last : Buffer.from(last).toString('base64');
}

function decodeToken(token: string, { isCeph, refuse }: ListingRules): string {
  if (isCeph) return token;
  const text = Buffer.from(token, 'base64').toString();
  if (text === '' || Buffer.from(text).toString('base64') !== token) throw refuse('continuation-token');
  return text;
}

import { maxListedKeys } from '../../../vendors/s3.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import type { XmlFields } from '../../http/xml.js';
import { wholeNumberOf } from '../../object-api/paging.js';
import type { StoredObject } from '../../store/object-store.js';
import { S3Error } from './errors.js';
import type { S3Exchange } from './exchange.js';
import { objectETag } from './objects.js';
import { resultDocument } from './xml.js';

/** "HeadBucket". */
export function headBucket({ region }: S3Exchange): Reply {
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

/** "GetBucketLocation": empty for us-east-1. */
export function getBucketLocation({ context, region }: S3Exchange): Reply {
  const location = region === 'us-east-1' ? '' : region;
  const fields: XmlFields = location === '' ? {} : { LocationConstraint: location };
  return xml(resultDocument(context, 'LocationConstraint', fields));
}

/** "ListObjectsV2". */
export function listObjectsV2(exchange: S3Exchange): Reply {
  const { request, context, bucket } = exchange;
  const token = firstValue(request.query, 'continuation-token');
  const startAfter = firstValue(request.query, 'start-after');
  const list = new Listing(exchange, token === undefined ? (startAfter ?? '') : decodeToken(token));
  const { page, isTruncated, last } = list;
  return xml(
    resultDocument(context, 'ListBucketResult', {
      Name: bucket,
      ...list.parameters,
      StartAfter: startAfter === undefined ? undefined : list.encode(startAfter),
      ContinuationToken: token,
      KeyCount: page.length,
      IsTruncated: isTruncated,
      NextContinuationToken: isTruncated ? Buffer.from(last).toString('base64') : undefined,
      ...list.entries,
    }),
  );
}

/** "ListObjects", the first version. */
export function listObjects(exchange: S3Exchange): Reply {
  const { request, context, bucket } = exchange;
  const marker = firstValue(request.query, 'marker') ?? '';
  const list = new Listing(exchange, marker);
  return xml(
    resultDocument(context, 'ListBucketResult', {
      Name: bucket,
      ...list.parameters,
      Marker: list.encode(marker),
      NextMarker:
        list.isTruncated && list.parameters.Delimiter !== undefined ? list.encode(list.last) : undefined,
      IsTruncated: list.isTruncated,
      ...list.entries,
    }),
  );
}

type Entry = { prefix: string } | { object: StoredObject };

/** One page of a bucket's keys after `after`, with the keys below a delimiter grouped. */
class Listing {
  readonly page: Entry[];
  readonly isTruncated: boolean;
  readonly #exchange: S3Exchange;
  readonly #isEncoded: boolean;
  readonly #prefix: string;
  readonly #delimiter: string | undefined;
  readonly #max: number;

  constructor(exchange: S3Exchange, after: string) {
    const { query } = exchange.request;
    this.#exchange = exchange;
    this.#isEncoded = encodingOf(exchange) === 'url';
    this.#prefix = firstValue(query, 'prefix') ?? '';
    this.#delimiter = firstValue(query, 'delimiter') || undefined;
    const max = wholeNumberOf(
      firstValue(query, 'max-keys') ?? String(maxListedKeys),
      0,
      Number.MAX_SAFE_INTEGER,
    );
    if (max === undefined) throw new S3Error('InvalidArgument', { details: { ArgumentName: 'max-keys' } });
    this.#max = Math.min(max, maxListedKeys);
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
      Prefix: this.encode(this.#prefix),
      Delimiter: this.#delimiter === undefined ? undefined : this.encode(this.#delimiter),
      MaxKeys: this.#max,
      EncodingType: this.#isEncoded ? 'url' : undefined,
    };
  }

  get entries(): XmlFields {
    const objects = this.page.flatMap((entry) => ('object' in entry ? [entry.object] : []));
    const prefixes = this.page.flatMap((entry) => ('prefix' in entry ? [entry.prefix] : []));
    return {
      Contents: objects.map((object) => ({
        Key: this.encode(object.key),
        LastModified: new Date(object.modifiedAt).toISOString(),
        ETag: objectETag(this.#exchange, object),
        Size: object.sizeBytes,
        StorageClass: 'STANDARD',
      })),
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: this.encode(prefix) })),
    };
  }

  encode(text: string): string {
    return this.#isEncoded ? encodeStrict(text).replaceAll('%2F', '/') : text;
  }

  #entriesAfter(after: string): Entry[] {
    const { context, bucket } = this.#exchange;
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

function nameOf(entry: Entry): string {
  return 'object' in entry ? entry.object.key : entry.prefix;
}

/** Keys are listed in the order of their UTF-8 bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text === '' || Buffer.from(text).toString('base64') !== token)
    throw new S3Error('InvalidArgument', {
      message: 'The continuation token provided is incorrect',
      details: { ArgumentName: 'continuation-token' },
    });
  return text;
}

function encodingOf({ request }: S3Exchange): string | undefined {
  const encoding = firstValue(request.query, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw new S3Error('InvalidArgument', { details: { ArgumentName: 'encoding-type' } });
  return encoding;
}

function xml(body: string): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body };
}

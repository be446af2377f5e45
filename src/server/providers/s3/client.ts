import type { StoredPart } from '../../../protocol/index.js';
import { maxListedParts } from '../../../vendors/s3.js';
import { EndpointError } from '../../errors.js';
import { exchange, type VendorReply } from '../../http.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient, withRetry, type RetryPolicy, type RetryTools } from '../../retry.js';
import { canonicalQuery, signSigV4 } from '../../signing/sigv4.js';
import type { ObjectAddress } from './address.js';
import type { KeyRing } from './credentials.js';
import { s3Error } from './errors.js';
import {
  completeBody,
  initiatedSchema,
  listedSchema,
  readJoinedETag,
  readXmlReply,
  toStoredPart,
  unquote,
} from '../../store-xml.js';

const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';

export interface ClientSettings {
  readonly addressOf: (key: string) => ObjectAddress;
  readonly region: string;
  readonly keys: KeyRing;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

export interface ObjectHead {
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly contentType: string;
  readonly modifiedAt: number | undefined;
  /** How long ago that was, by the store's own clock. */
  readonly ageMs: number | undefined;
  /** Every header that describes the object. */
  readonly headers: Readonly<Record<string, string>>;
}

interface S3Call {
  readonly what: string;
  readonly method: string;
  readonly key: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
}

/** The endpoint's own calls to the store, signed in headers. All may be repeated: a second upload opened in vain is empty. */
export interface S3Client {
  /** "CreateMultipartUpload": the upload id. */
  initiate(key: string, headers: Readonly<Record<string, string>>, context: CallContext): Promise<string>;
  /** "ListParts", all pages, ascending. */
  listParts(key: string, uploadId: string, context: CallContext): Promise<StoredPart[]>;
  /** Whether the store knows the upload; "ListParts" of one part. */
  isOpen(key: string, uploadId: string, context: CallContext): Promise<boolean>;
  /** "CompleteMultipartUpload": the object's ETag, where the store named one. */
  complete(
    key: string,
    uploadId: string,
    parts: readonly StoredPart[],
    context: CallContext,
  ): Promise<string | undefined>;
  /** "AbortMultipartUpload". Already gone counts as done. */
  abort(key: string, uploadId: string, context: CallContext): Promise<void>;
  /** "HeadObject"; `undefined` where there is none. */
  head(key: string, context: CallContext): Promise<ObjectHead | undefined>;
  /** "DeleteObject". */
  remove(key: string, context: CallContext): Promise<void>;
}

export function createS3Client(settings: ClientSettings): S3Client {
  const { addressOf, region, keys, fetch, now, retryPolicy, retryTools } = settings;

  async function send(
    { what, method, key, query = [], headers = {}, body, timeoutMs = settings.timeoutMs }: S3Call,
    signal: AbortSignal,
  ): Promise<VendorReply> {
    const { origin, host, path } = addressOf(key);
    const request = { method, host, path, query, headers, ...(body !== undefined && { body }) };
    const signed = signSigV4(request, await keys.current(), { region, date: new Date(now()) });
    const url = `${origin}${path}${query.length > 0 ? `?${canonicalQuery(query)}` : ''}`;
    return exchange(
      { method, url, headers: signed, ...(body !== undefined && { body }) },
      { fetch, signal, timeoutMs, what },
    );
  }

  /** Temporary keys can be ended before their time: others are asked for once. */
  async function sendRenewing(call: S3Call, signal: AbortSignal): Promise<VendorReply> {
    const reply = await send(call, signal);
    return isExpired(reply) && keys.renew() ? send(call, signal) : reply;
  }

  function request<T>(
    call: S3Call,
    read: (reply: VendorReply, attempt: number) => T,
    { signal, limit }: CallContext,
  ): Promise<T> {
    const attempt = async (number: number) => read(await sendRenewing(call, signal), number);
    return withRetry((number) => limit(() => attempt(number)), {
      signal,
      mayRepeat: repeatTransient,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  /** A completion can fail after its 200 has been sent: then the body is an error. */
  function expectOk(reply: VendorReply, what: string): void {
    if (reply.status < 200 || reply.status > 299 || /<Error[\s>]/.test(reply.text))
      throw s3Error(reply, what, now());
  }

  function listPage(key: string, uploadId: string, marker: string, max: number, context: CallContext) {
    const what = 'list parts';
    const query = [
      ['uploadId', uploadId],
      ['max-parts', String(max)],
      ['part-number-marker', marker],
    ] as const;
    return request(
      { what, method: 'GET', key, query },
      (reply) => {
        expectOk(reply, what);
        return readXmlReply(listedSchema, reply.text, what).ListPartsResult;
      },
      context,
    );
  }

  return {
    initiate(key, headers, context) {
      const what = 'initiate multipart upload';
      return request(
        { what, method: 'POST', key, query: [['uploads', '']], headers },
        (reply) => {
          expectOk(reply, what);
          return readXmlReply(initiatedSchema, reply.text, what).InitiateMultipartUploadResult.UploadId;
        },
        context,
      );
    },
    async listParts(key, uploadId, context) {
      const parts: StoredPart[] = [];
      for (let marker = '0'; ;) {
        const {
          Part,
          IsTruncated,
          NextPartNumberMarker: next,
        } = await listPage(key, uploadId, marker, maxListedParts, context);
        parts.push(...Part.map(toStoredPart));
        if (IsTruncated !== 'true') return parts.sort((a, b) => a.partNumber - b.partNumber);
        if (!next || Number(next) <= Number(marker))
          throw new EndpointError('vendor-invalid-reply', {
            detail: 'list parts: the next page is not after this one',
          });
        marker = next;
      }
    },
    isOpen: (key, uploadId, context) =>
      listPage(key, uploadId, '0', 1, context).then(
        () => true,
        (error: unknown) => {
          if (error instanceof EndpointError && error.code === 'upload-not-found') return false;
          throw error;
        },
      ),
    complete(key, uploadId, parts, context) {
      const what = 'complete multipart upload';
      const call = {
        what,
        method: 'POST',
        key,
        query: [['uploadId', uploadId]],
        headers: { 'content-type': 'application/xml' },
        body: completeBody(parts, { xmlns }),
        timeoutMs: settings.timeoutMs * 4,
      } as const;
      return request(
        call,
        (reply, attempt) => {
          // The parts were there a moment ago: the attempt whose answer was lost has joined them.
          if (attempt > 1 && reply.status === 404) return undefined;
          expectOk(reply, what);
          return readJoinedETag(reply.text, what);
        },
        context,
      );
    },
    async abort(key, uploadId, context) {
      const what = 'abort multipart upload';
      await request(
        { what, method: 'DELETE', key, query: [['uploadId', uploadId]] },
        (reply) => {
          if (reply.status !== 404) expectOk(reply, what);
        },
        context,
      );
    },
    head(key, context) {
      const what = 'head object';
      return request(
        { what, method: 'HEAD', key },
        (reply) => {
          if (reply.status === 404) return undefined;
          expectOk(reply, what);
          return readHead(reply);
        },
        context,
      );
    },
    async remove(key, context) {
      const what = 'delete object';
      await request(
        { what, method: 'DELETE', key },
        (reply) => {
          if (reply.status !== 404) expectOk(reply, what);
        },
        context,
      );
    },
  };
}

function isExpired({ status, text }: VendorReply): boolean {
  return (
    (status === 400 || status === 403) &&
    /<Code>(ExpiredToken|TokenRefreshRequired|InvalidToken)<\/Code>/.test(text)
  );
}

function readHead({ headers }: VendorReply): ObjectHead {
  const modifiedAt = dateOf(headers.get('last-modified'));
  const sentAt = dateOf(headers.get('date'));
  const described = [...headers].filter(([name]) =>
    /^(content-|etag|last-modified|x-amz-(meta-|storage|version|server-side|checksum|expiration))/.test(name),
  );
  return {
    sizeBytes: Number(headers.get('content-length') ?? NaN),
    eTag: unquote(headers.get('etag') ?? ''),
    contentType: headers.get('content-type') ?? '',
    modifiedAt,
    ageMs: modifiedAt === undefined || sentAt === undefined ? undefined : sentAt - modifiedAt,
    headers: Object.fromEntries(described),
  };
}

function dateOf(text: string | null): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

import type { StoredPart } from '../../../protocol/index.js';
import { completeContentType, maxListedParts } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { exchange, type VendorReply, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient, withRetry, type RetryPolicy, type RetryTools } from '../../retry.js';
import { obsError } from './errors.js';
import {
  completeBody,
  initiatedSchema,
  listedSchema,
  readJoinedETag,
  readXmlReply,
  toStoredPart,
} from '../../store-xml.js';

export interface ObsSettings {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly completeTimeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

/**
 * The calls to the object store, each to a URL that VOD has signed for it ("Example 2: Uploading a Media File Greater
 * Than 20 MB by Part"; OBS API reference, "Operations on Multipart Upload"). The headers are exactly those of the
 * example: `Content-Type` is part of each signature.
 */
export interface ObsClient {
  initiate(url: string, contentType: string, context: CallContext): Promise<string>;
  /** All pages. `max-parts` and the marker are no part of the signature, so one URL lists them all. */
  listParts(url: string, context: CallContext): Promise<StoredPart[]>;
  /** The ETag of the joined object; `undefined` where the store named none, or had joined it already. */
  complete(url: string, parts: readonly StoredPart[], context: CallContext): Promise<string | undefined>;
  abort(url: string, context: CallContext): Promise<void>;
}

export function createObsClient(settings: ObsSettings): ObsClient {
  const { fetch, now, timeoutMs, completeTimeoutMs, retryPolicy, retryTools } = settings;

  async function call<T>(
    request: VendorRequest,
    what: string,
    read: (reply: VendorReply, attempt: number) => T,
    { signal, limit }: CallContext,
  ): Promise<T> {
    const options = { fetch, signal, timeoutMs: what === completing ? completeTimeoutMs : timeoutMs, what };
    const attempt = async (number: number) => {
      const reply = await exchange(request, options);
      return read(reply, number);
    };
    return withRetry((number) => limit(() => attempt(number)), {
      signal,
      mayRepeat: repeatTransient,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  /** Throws for what is not a success. A completion can fail after its 200 has been sent: then the body is an error. */
  function expectOk(reply: VendorReply, what: string): void {
    if (reply.status < 200 || reply.status > 299 || /<Error[\s>]/.test(reply.text))
      throw obsError(reply, what, now());
  }

  async function listPage(url: string, marker: string, context: CallContext) {
    const what = 'list parts';
    const page = `${url}&max-parts=${maxListedParts}&part-number-marker=${marker}`;
    return call(
      { method: 'GET', url: page },
      what,
      (reply) => {
        expectOk(reply, what);
        return readXmlReply(listedSchema, reply.text, what).ListPartsResult;
      },
      context,
    );
  }

  return {
    initiate(url, contentType, context) {
      const what = 'initiate multipart upload';
      return call(
        { method: 'POST', url, headers: { 'Content-Type': contentType } },
        what,
        (reply) => {
          expectOk(reply, what);
          return readXmlReply(initiatedSchema, reply.text, what).InitiateMultipartUploadResult.UploadId;
        },
        context,
      );
    },
    async listParts(url, context) {
      const parts: StoredPart[] = [];
      for (let marker = '0'; ;) {
        const { Part, IsTruncated, NextPartNumberMarker: next } = await listPage(url, marker, context);
        parts.push(...Part.map(toStoredPart));
        if (IsTruncated !== 'true') return parts.sort((a, b) => a.partNumber - b.partNumber);
        if (!next || Number(next) <= Number(marker))
          throw new EndpointError('vendor-invalid-reply', {
            detail: 'list parts: the next page is not after this one',
          });
        marker = next;
      }
    },
    complete(url, parts, context) {
      const request = {
        method: 'POST',
        url,
        headers: { 'Content-Type': completeContentType },
        body: completeBody(parts),
      };
      return call(
        request,
        completing,
        (reply, attempt) => {
          // The parts were there a moment ago: the attempt whose answer was lost has joined them.
          if (attempt > 1 && reply.status === 404) return undefined;
          expectOk(reply, completing);
          return readJoinedETag(reply.text, completing);
        },
        context,
      );
    },
    async abort(url, context) {
      const what = 'abort multipart upload';
      await call(
        { method: 'DELETE', url },
        what,
        (reply) => {
          if (reply.status !== 404) expectOk(reply, what);
        },
        context,
      );
    },
  };
}

const completing = 'complete multipart upload';

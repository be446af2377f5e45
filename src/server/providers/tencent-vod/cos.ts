import type { StoredPart } from '../../../protocol/index.js';
import { maxListedParts } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { exchange, type VendorReply } from '../../http.js';
import { md5Base64 } from '../../hash.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient, withRetry, type RetryPolicy, type RetryTools } from '../../retry.js';
import { cosError, isDenied } from './errors.js';
import { authorised, type CosAddressing, type CosTarget } from './presign.js';
import type { TencentVodState } from './state.js';
import {
  completeBody,
  initiatedSchema,
  listedSchema,
  type PartToJoin,
  readJoinedETag,
  readXmlReply,
  toStoredPart,
} from '../../store-xml.js';

export interface CosSettings {
  readonly addressing: CosAddressing;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

export type MultipartState = TencentVodState & { readonly uploadId: string };
export type ObjectAddress = Pick<
  TencentVodState,
  'bucket' | 'region' | 'certificate' | 'path' | 'contentType'
>;

/** The endpoint's own calls to the store, signed with the upload's certificate. All may be repeated. */
export interface CosClient {
  /** "Initiate Multipart Upload": the upload id. */
  initiate(address: ObjectAddress, context: CallContext): Promise<string>;
  /** "List Parts", all pages, ascending. `denied` where the certificate does not allow it, which the pages leave open. */
  listParts(state: MultipartState, context: CallContext): Promise<StoredPart[] | 'denied'>;
  /** "Complete Multipart Upload": the object's ETag, where the store named one; not the MD5, and of no certain shape. */
  complete(
    state: MultipartState,
    parts: readonly PartToJoin[],
    context: CallContext,
  ): Promise<string | undefined>;
  /** "Abort Multipart Upload". Already gone counts as done. */
  abort(state: MultipartState, context: CallContext): Promise<void>;
  /** "HEAD Object": its size; `missing`, or `denied` where the certificate does not allow the question. */
  head(state: ObjectAddress, context: CallContext): Promise<number | 'missing' | 'denied'>;
}

interface CosCall extends CosTarget {
  readonly what: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

export function createCosClient({
  addressing,
  fetch,
  timeoutMs,
  retryPolicy,
  retryTools,
}: CosSettings): CosClient {
  const { now } = addressing;

  function call<T>(
    address: ObjectAddress,
    target: CosCall,
    read: (reply: VendorReply, attempt: number) => T,
    { signal, limit }: CallContext,
  ): Promise<T> {
    const attempt = async (number: number) => {
      const { url, headers } = authorised(address, target, addressing);
      const { method, body, what } = target;
      const reply = await exchange(
        { method, url, headers, ...(body !== undefined && { body }) },
        { fetch, signal, timeoutMs: target.timeoutMs ?? timeoutMs, what },
      );
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
      throw cosError(reply, what, now());
  }

  function listPage(state: MultipartState, marker: string, context: CallContext) {
    const what = 'list parts';
    const query = {
      uploadId: state.uploadId,
      'max-parts': String(maxListedParts),
      'part-number-marker': marker,
    };
    return call(
      state,
      { what, method: 'GET', path: state.path, query },
      (reply) => {
        expectOk(reply, what);
        return readXmlReply(listedSchema, reply.text, what).ListPartsResult;
      },
      context,
    );
  }

  async function listAll(state: MultipartState, context: CallContext): Promise<StoredPart[]> {
    const parts: StoredPart[] = [];
    for (let marker = '0'; ;) {
      const { Part, IsTruncated, NextPartNumberMarker: next } = await listPage(state, marker, context);
      parts.push(...Part.map(toStoredPart));
      if (IsTruncated !== 'true') return parts.sort((a, b) => a.partNumber - b.partNumber);
      if (!next || Number(next) <= Number(marker))
        throw new EndpointError('vendor-invalid-reply', {
          detail: 'list parts: the next page is not after this one',
        });
      marker = next;
    }
  }

  return {
    initiate(address, context) {
      const what = 'initiate multipart upload';
      const target = {
        what,
        method: 'POST',
        path: address.path,
        query: { uploads: '' },
        headers: { 'Content-Type': address.contentType },
      };
      return call(
        address,
        target,
        (reply) => {
          expectOk(reply, what);
          return readXmlReply(initiatedSchema, reply.text, what).InitiateMultipartUploadResult.UploadId;
        },
        context,
      );
    },
    async listParts(state, context) {
      try {
        return await listAll(state, context);
      } catch (error) {
        if (isDenied(error)) return 'denied';
        throw error;
      }
    },
    complete(state, parts, context) {
      const what = 'complete multipart upload';
      const body = completeBody(parts, { quote: '&quot;' });
      const headers = {
        'Content-Type': 'application/xml',
        'Content-MD5': md5Base64(body),
      };
      const target = {
        what,
        method: 'POST',
        path: state.path,
        query: { uploadId: state.uploadId },
        headers,
        body,
        timeoutMs: timeoutMs * 4,
      };
      return call(
        state,
        target,
        (reply, attempt) => {
          try {
            expectOk(reply, what);
          } catch (error) {
            // The parts were there a moment ago: the attempt whose answer was lost has joined them.
            if (attempt > 1 && error instanceof EndpointError && error.vendor?.code === 'NoSuchUpload')
              return undefined;
            throw error;
          }
          return readJoinedETag(reply.text, what);
        },
        context,
      );
    },
    async abort(state, context) {
      const what = 'abort multipart upload';
      await call(
        state,
        { what, method: 'DELETE', path: state.path, query: { uploadId: state.uploadId } },
        (reply) => {
          expectOk(reply, what);
        },
        context,
      ).catch((error: unknown) => {
        if (!(error instanceof EndpointError) || error.code !== 'upload-not-found') throw error;
      });
    },
    head(address, context) {
      const what = 'look at the object';
      return call(
        address,
        { what, method: 'HEAD', path: address.path },
        (reply) => {
          if (reply.status === 404) return 'missing' as const;
          if (reply.status === 403) return 'denied' as const;
          expectOk(reply, what);
          return Number(reply.headers.get('content-length') ?? NaN);
        },
        context,
      );
    },
  };
}

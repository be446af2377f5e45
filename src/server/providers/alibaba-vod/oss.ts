import type { StoredPart } from '../../../protocol/index.js';
import { maxListedParts, maxPresignSeconds } from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import { exchange, type VendorReply, type VendorRequest } from '../../http.js';
import type { CallContext } from '../../provider.js';
import { repeatTransient, withRetry, type RetryPolicy, type RetryTools } from '../../retry.js';
import type { OssPresign, OssRequest } from '../../signing/oss-request.js';
import { ossError } from './errors.js';
import type { MultipartState, Target } from './state.js';
import {
  completeBody,
  initiatedSchema,
  listedSchema,
  parseXml,
  type PartToJoin,
  readXmlReply,
  storeErrorSchema,
  toStoredPart,
} from '../../store-xml.js';

export interface OssSettings {
  readonly presign: OssPresign;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly completeTimeoutMs: number;
  readonly retryPolicy: RetryPolicy;
  readonly retryTools: RetryTools;
}

/** A URL dies with the keys it was made of; so long before that nobody should begin to use it. */
const marginMs = 60_000;

/** What a browser may be given: the request, and how long it is good. */
export interface PresignedPut {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly expiresInMs: number;
}

/** "No such part, or another than you say": told of one part at a time. */
export type Joined = 'joined' | { readonly differing: number };

/** The calls to OSS with the temporary keys of one upload (OSS API reference, "Multipart upload"), all by presigned URLs. */
export interface OssClient {
  presignPut(target: Target, query: Record<string, string>, headers: Record<string, string>): PresignedPut;
  initiate(target: Target, contentType: string, context: CallContext): Promise<string>;
  /** All pages. */
  listParts(state: MultipartState, context: CallContext): Promise<StoredPart[]>;
  /** Without parts to name, every stored one is joined. */
  complete(
    state: MultipartState,
    parts: readonly PartToJoin[] | 'all',
    context: CallContext,
  ): Promise<Joined>;
  abort(state: MultipartState, context: CallContext): Promise<void>;
}

export function createOssClient(settings: OssSettings): OssClient {
  const { presign, fetch, now, timeoutMs, completeTimeoutMs, retryPolicy, retryTools } = settings;

  function lifetimeSeconds({ keys }: Target): number {
    return Math.max(1, Math.min(maxPresignSeconds, Math.floor((keys.expiresAt - now()) / 1000)));
  }

  function sign(
    target: Target,
    method: OssRequest['method'],
    query: Record<string, string>,
    headers: Record<string, string> = {},
  ): string {
    const { url, bucket, key, keys, region } = target;
    return presign(
      {
        method,
        url,
        bucket,
        key,
        query,
        headers,
        date: new Date(now()),
        lifetimeSeconds: lifetimeSeconds(target),
      },
      { ...keys, region },
    );
  }

  async function call<T>(
    request: VendorRequest,
    what: string,
    read: (reply: VendorReply, attempt: number) => T,
    { signal, limit }: CallContext,
  ): Promise<T> {
    const options = { fetch, signal, timeoutMs: what === completing ? completeTimeoutMs : timeoutMs, what };
    const attempt = async (number: number) => read(await exchange(request, options), number);
    return withRetry((number) => limit(() => attempt(number)), {
      signal,
      mayRepeat: repeatTransient,
      policy: retryPolicy,
      tools: retryTools,
    });
  }

  function expectOk(reply: VendorReply, what: string): void {
    if (reply.status < 200 || reply.status > 299 || /<Error[\s>]/.test(reply.text))
      throw ossError(reply, what, now());
  }

  return {
    presignPut(target, query, headers) {
      const url = sign(target, 'PUT', query, headers);
      return {
        url,
        headers: titleCase(headers),
        expiresInMs: Math.max(0, lifetimeSeconds(target) * 1000 - marginMs),
      };
    },
    async initiate(target, contentType, context) {
      const what = 'initiate multipart upload';
      const headers = { 'content-type': contentType };
      const url = sign(target, 'POST', { uploads: '' }, headers);
      return call(
        { method: 'POST', url, headers: titleCase(headers) },
        what,
        (reply) => {
          expectOk(reply, what);
          return readXmlReply(initiatedSchema, reply.text, what).InitiateMultipartUploadResult.UploadId;
        },
        context,
      );
    },
    async listParts(state, context) {
      const what = 'list parts';
      const parts: StoredPart[] = [];
      for (let marker = '0'; ;) {
        // V4 signs every parameter, so each page has a URL of its own.
        const url = sign(state, 'GET', {
          uploadId: state.uploadId,
          'max-parts': String(maxListedParts),
          'part-number-marker': marker,
        });
        const page = await call(
          { method: 'GET', url },
          what,
          (reply) => {
            expectOk(reply, what);
            return readXmlReply(listedSchema, reply.text, what).ListPartsResult;
          },
          context,
        );
        parts.push(...page.Part.map(toStoredPart));
        if (page.IsTruncated !== 'true') return parts.sort((a, b) => a.partNumber - b.partNumber);
        const next = page.NextPartNumberMarker;
        if (!next || Number(next) <= Number(marker))
          throw new EndpointError('vendor-invalid-reply', {
            detail: 'list parts: the next page is not after this one',
          });
        marker = next;
      }
    },
    async complete(state, parts, context) {
      const isAll = parts === 'all';
      const headers: Record<string, string> = isAll
        ? { 'x-oss-complete-all': 'yes' }
        : { 'content-type': 'application/xml' };
      const url = sign(state, 'POST', { uploadId: state.uploadId }, headers);
      const request = {
        method: 'POST',
        url,
        headers: titleCase(headers),
        ...(!isAll && { body: completeBody(parts) }),
      };
      return call<Joined>(
        request,
        completing,
        (reply, attempt) => {
          // The parts were there a moment ago: the attempt whose answer was lost has joined them.
          if (attempt > 1 && reply.status === 404) return 'joined';
          const error = reply.status === 400 ? parseXml(storeErrorSchema, reply.text)?.Error : undefined;
          if (error?.Code === 'InvalidPart' && error.PartNumber)
            return { differing: Number(error.PartNumber) };
          expectOk(reply, completing);
          return 'joined';
        },
        context,
      );
    },
    async abort(state, context) {
      const what = 'abort multipart upload';
      const url = sign(state, 'DELETE', { uploadId: state.uploadId });
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

/** As people write them; the signature does not mind. */
function titleCase(headers: Record<string, string>): Record<string, string> {
  const written: Record<string, string> = { 'content-type': 'Content-Type', 'content-md5': 'Content-MD5' };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [written[name] ?? name, value]));
}

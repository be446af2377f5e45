import type { StoredPart } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import type { VendorReply, VendorRequest } from '../http.js';
import { createCaller, type CallSettings } from '../kit/call.js';
import { hasProblem } from '../kit/refusal.js';
import type { CallContext } from '../provider.js';
import { readXmlReply } from '../xml.js';
import {
  completeBody,
  initiatedSchema,
  listedSchema,
  readCompletedETag,
  storeErrorCode,
  toStoredPart,
  type CompleteBodyOptions,
  type PartToComplete,
} from './xml.js';

/** One request to an object, before it is addressed and signed. */
export interface StoreRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** An empty value stands for a bare name. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where the stores of the S3 family differ. `Target` is what names an object, with whatever it is signed with. */
export interface StoreDialect<Target> {
  /** Addresses and signs one request; called for every attempt. */
  readonly toVendorRequest: (target: Target, request: StoreRequest) => VendorRequest | Promise<VendorRequest>;
  /** The error that a refused call stands for. */
  readonly toError: (reply: VendorReply, what: string) => EndpointError;
  readonly maxListedParts: number;
  readonly completion: {
    readonly body?: CompleteBodyOptions;
    readonly headers: (body: string | undefined) => Record<string, string>;
    /** The part that a refused completion names as missing or different, where the store names one. */
    readonly differingPart?: (reply: VendorReply) => number | undefined;
    /** Default true: the reply is read for the object's ETag. */
    readonly namesETag?: boolean;
  };
  /** Whether the credentials were ended before their time and there may be others now. */
  readonly isStale?: (reply: VendorReply) => boolean;
}

/** A multipart upload at the store. */
export interface UploadTarget<Target> {
  readonly target: Target;
  readonly uploadId: string;
}

/** `eTag`: the object's, where the store named one. */
export type StoreCompletion = { readonly eTag: string | undefined } | { readonly differingPart: number };

const completeTimeoutFactor = 4;

/**
 * The store does not know the upload that this call has tried to complete before. Either that attempt has completed it,
 * or it was gone already: only the object, or the service's state, proves which.
 */
export class UnheardCompletion extends EndpointError {
  constructor(error: EndpointError) {
    super(error.code, { detail: error.message, vendor: error.vendor, cause: error });
  }
}

/**
 * Multipart uploads of a store of the S3 family, as the endpoint itself performs them. Every call may be repeated: a
 * multipart upload that is not used is empty.
 */
export class StoreClient<Target> {
  readonly #dialect: StoreDialect<Target>;
  readonly #timeoutMs: number;
  readonly #call: ReturnType<typeof createCaller>;

  constructor(dialect: StoreDialect<Target>, settings: CallSettings) {
    this.#dialect = dialect;
    this.#timeoutMs = settings.timeoutMs;
    this.#call = createCaller(settings);
  }

  /** "CreateMultipartUpload": the upload id. */
  initiate(target: Target, headers: Record<string, string>, context: CallContext): Promise<string> {
    const what = 'initiate multipart upload';
    return this.#send(target, { what, method: 'POST', query: { uploads: '' }, headers }, context, (reply) => {
      this.#expectOk(reply, what);
      return readXmlReply(initiatedSchema, reply.text, what).InitiateMultipartUploadResult.UploadId;
    });
  }

  /** "ListParts", all pages, ascending. */
  async list(upload: UploadTarget<Target>, context: CallContext): Promise<StoredPart[]> {
    const parts: StoredPart[] = [];
    for (let marker = '0'; ;) {
      const page = await this.#listPage(upload, marker, this.#dialect.maxListedParts, context);
      const found = page.Part.map(toStoredPart);
      parts.push(...found);
      if (!page.IsTruncated) return parts.sort((a, b) => a.partNumber - b.partNumber);
      // Without a marker in the answer, the last part of the page is the marker.
      const next =
        page.NextPartNumberMarker || String(Math.max(0, ...found.map(({ partNumber }) => partNumber)));
      // Whatever the store says, each page brings the end nearer.
      if (!/^\d{1,5}$/.test(next) || Number(next) <= Number(marker) || found.length === 0)
        throw new EndpointError('vendor-invalid-reply', {
          detail: 'list parts: the next page is not after this one',
        });
      marker = next;
    }
  }

  /** Whether the store knows the multipart upload: "ListParts" of one part. */
  async exists(upload: UploadTarget<Target>, context: CallContext): Promise<boolean> {
    try {
      await this.#listPage(upload, '0', 1, context);
      return true;
    } catch (error) {
      if (hasProblem(error, 'upload-not-found')) return false;
      throw error;
    }
  }

  /**
   * "CompleteMultipartUpload". Without `parts`, of every stored one. Throws `UnheardCompletion` where an attempt's reply
   * was lost and the next one finds no upload.
   */
  complete(
    { target, uploadId }: UploadTarget<Target>,
    parts: readonly PartToComplete[] | undefined,
    context: CallContext,
  ): Promise<StoreCompletion> {
    const what = 'complete multipart upload';
    const { completion } = this.#dialect;
    const body = parts && completeBody(parts, completion.body);
    const request = {
      what,
      method: 'POST',
      query: { uploadId },
      headers: completion.headers(body),
      body,
    } as const;
    return this.#send<StoreCompletion>(target, request, context, (reply, attempt) => {
      if (attempt > 1 && storeErrorCode(reply.text) === 'NoSuchUpload')
        throw new UnheardCompletion(this.#dialect.toError(reply, what));
      const differingPart = completion.differingPart?.(reply);
      if (differingPart !== undefined) return { differingPart };
      this.#expectOk(reply, what);
      return { eTag: completion.namesETag === false ? undefined : readCompletedETag(reply.text, what) };
    });
  }

  /** "AbortMultipartUpload". Already gone counts as done. */
  async abort({ target, uploadId }: UploadTarget<Target>, context: CallContext): Promise<void> {
    try {
      await this.#discard(target, 'abort multipart upload', { uploadId }, context);
    } catch (error) {
      if (!hasProblem(error, 'upload-not-found')) throw error;
    }
  }

  /** "DeleteObject". Already gone counts as done. */
  remove(target: Target, context: CallContext): Promise<void> {
    return this.#discard(target, 'delete object', {}, context);
  }

  /** "HeadObject". A reply of one of the statuses in `expected` is returned like a success. */
  head(target: Target, expected: readonly number[], context: CallContext): Promise<VendorReply> {
    const what = 'head object';
    return this.#send(target, { what, method: 'HEAD', query: {}, headers: {} }, context, (reply) => {
      if (!expected.includes(reply.status)) this.#expectOk(reply, what);
      return reply;
    });
  }

  /** A reply of one of the statuses in `expected` is returned like a success. */
  get(
    target: Target,
    {
      query,
      expected,
      what,
    }: Pick<StoreRequest, 'query'> & { readonly expected: readonly number[]; readonly what: string },
    context: CallContext,
  ): Promise<VendorReply> {
    return this.#send(target, { what, method: 'GET', query, headers: {} }, context, (reply) => {
      if (!expected.includes(reply.status)) this.#expectOk(reply, what);
      return reply;
    });
  }

  #listPage({ target, uploadId }: UploadTarget<Target>, marker: string, max: number, context: CallContext) {
    const what = 'list parts';
    const query = { uploadId, 'max-parts': String(max), 'part-number-marker': marker };
    return this.#send(target, { what, method: 'GET', query, headers: {} }, context, (reply) => {
      this.#expectOk(reply, what);
      return readXmlReply(listedSchema, reply.text, what).ListPartsResult;
    });
  }

  #discard(target: Target, what: string, query: Record<string, string>, context: CallContext): Promise<void> {
    return this.#send(target, { what, method: 'DELETE', query, headers: {} }, context, (reply) => {
      if (reply.status !== 404) this.#expectOk(reply, what);
    });
  }

  #send<T>(
    target: Target,
    { what, ...request }: StoreRequest & { readonly what: string },
    context: CallContext,
    read: (reply: VendorReply, attempt: number) => T,
  ): Promise<T> {
    const { toVendorRequest, isStale } = this.#dialect;
    const isCompletion = request.method === 'POST' && 'uploadId' in request.query;
    return this.#call(
      {
        what,
        request: () => toVendorRequest(target, request),
        read,
        timeoutMs: isCompletion ? this.#timeoutMs * completeTimeoutFactor : this.#timeoutMs,
        isStale,
      },
      context,
    );
  }

  /** A completion can fail after its status 200 has been sent: then the body is an error. */
  #expectOk(reply: VendorReply, what: string): void {
    if (reply.status < 200 || reply.status > 299 || storeErrorCode(reply.text) !== undefined)
      throw this.#dialect.toError(reply, what);
  }
}

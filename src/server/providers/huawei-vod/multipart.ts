import type { PartToSign, SentPart, SignedRequest, StoredPart, Transfer } from '../../../protocol/index.js';
import {
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
  partContentType,
  recommendedMaxPartSizeBytes,
} from '../../../vendors/huawei-vod.js';
import { compositeETag, differingParts, partsToComplete } from '../../compare-parts.js';
import { EndpointError } from '../../errors.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext } from '../../provider.js';
import type { AuthorityQuery, VodClient } from './client.js';
import { assembleUrl, remainingMs, secondUrlOf, type ObsAddressing } from './presigned.js';
import type { MultipartState, ObjectAddress } from './state.js';
import type { ObsStore } from './store.js';

export type MultipartCompletion = { readonly eTag: string | undefined } | { readonly differing: number[] };

export const maxFileSizeBytes = maxPartCount * maxPartSizeBytes;

/** Parts of at most 20 MiB, as the vendor advises, unless the file is too large for 10,000 of them. */
function multipartTransfer(sizeBytes: number, secondUrl: string | undefined): Transfer {
  return {
    kind: 'multipart',
    minPartSizeBytes,
    maxPartSizeBytes: Math.max(recommendedMaxPartSizeBytes, Math.ceil(sizeBytes / maxPartCount)),
    maxPartCount,
    secondStore: secondUrl && new URL(secondUrl).origin,
  };
}

interface Opened {
  readonly transfer: Transfer;
  readonly state: MultipartState;
}

export interface MultipartSetup {
  readonly vod: VodClient;
  readonly store: ObsStore;
  readonly addressing: ObsAddressing;
  readonly now: () => number;
}

type AuthorityStep = Omit<AuthorityQuery, 'bucket' | 'object_key'>;

/**
 * "Example 2: Uploading a Media File Greater Than 20 MB by Part": one authority from VOD for each request to OBS. The
 * endpoint makes them all, except for those that carry the parts' bytes.
 */
export class Multipart {
  readonly #vod: VodClient;
  readonly #store: ObsStore;
  readonly #addressing: ObsAddressing;
  readonly #now: () => number;

  constructor({ vod, store, addressing, now }: MultipartSetup) {
    this.#vod = vod;
    this.#store = store;
    this.#addressing = addressing;
    this.#now = now;
  }

  async open(address: ObjectAddress, sizeBytes: number, context: CallContext): Promise<Opened> {
    const { bucket, objectKey, location, contentType } = address;
    const url = await this.#authorize(address, { http_verb: 'POST', content_type: contentType }, context);
    const uploadId = await this.#store.initiate(url, { 'Content-Type': contentType }, context);
    return {
      transfer: multipartTransfer(sizeBytes, this.#secondUrlOf(url, bucket)),
      state: { kind: 'multipart', bucket, objectKey, location, contentType, uploadId },
    };
  }

  #secondUrlOf(url: string, bucket: string): string | undefined {
    return this.#addressing.hasSecondName ? secondUrlOf(url, bucket) : undefined;
  }

  sign(state: MultipartState, parts: readonly PartToSign[], context: CallContext): Promise<SignedRequest[]> {
    return allOrAbort(parts, context.signal, (part, signal) =>
      this.#signPart(state, part, { ...context, signal }),
    );
  }

  async list(state: MultipartState, context: CallContext): Promise<StoredPart[]> {
    const { uploadId } = state;
    const target = await this.#authorize(state, { http_verb: 'GET', upload_id: uploadId }, context);
    return this.#store.list({ target, uploadId }, context);
  }

  async complete(
    state: MultipartState,
    sent: readonly SentPart[],
    context: CallContext,
  ): Promise<MultipartCompletion> {
    const stored = await this.list(state, context);
    const differing = differingParts(sent, stored);
    if (differing.length > 0) return { differing };
    const parts = partsToComplete(sent, stored);
    const { uploadId } = state;
    const target = await this.#authorize(state, { http_verb: 'POST', upload_id: uploadId }, context);
    const completion = await this.#store.complete({ target, uploadId }, parts, context);
    const eTag = 'eTag' in completion ? completion.eTag : undefined;
    if (eTag !== undefined && eTag.toLowerCase() !== compositeETag(parts)) {
      throw new EndpointError('vendor-invalid-reply', {
        detail: 'complete multipart upload: the ETag of the object is not that of its parts',
      });
    }
    return { eTag };
  }

  async abort(state: MultipartState, context: CallContext): Promise<void> {
    const { uploadId } = state;
    const target = await this.#authorize(state, { http_verb: 'DELETE', upload_id: uploadId }, context);
    await this.#store.abort({ target, uploadId }, context);
  }

  async #authorize(address: ObjectAddress, step: AuthorityStep, context: CallContext): Promise<string> {
    const query = { ...step, bucket: address.bucket, object_key: address.objectKey };
    return assembleUrl(await this.#vod.authority(query, context), query, address, this.#addressing);
  }

  async #signPart(
    state: MultipartState,
    { partNumber, md5Base64 }: PartToSign,
    context: CallContext,
  ): Promise<SignedRequest> {
    // The example asks with the file's type and then sends octet-stream; asking with what is sent holds under either reading.
    const step: AuthorityStep = {
      http_verb: 'PUT',
      content_type: partContentType,
      upload_id: state.uploadId,
      part_number: partNumber,
      content_md5: md5Base64,
    };
    const url = await this.#authorize(state, step, context);
    const headers = {
      'Content-Type': partContentType,
      // The browser sets every header that is there as a key.
      ...(md5Base64 !== undefined && { 'Content-MD5': md5Base64 }),
    };
    const secondUrl = this.#secondUrlOf(url, state.bucket);
    return { partNumber, method: 'PUT', url, secondUrl, headers, expiresInMs: remainingMs(url, this.#now()) };
  }
}

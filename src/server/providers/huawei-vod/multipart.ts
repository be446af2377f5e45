import type { PartToSign, SentPart, SignedRequest, StoredPart, Transfer } from '../../../protocol/index.js';
import {
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
  partContentType,
  recommendedMaxPartSizeBytes,
} from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext } from '../../provider.js';
import type { AuthorityQuery, VodClient } from './client.js';
import { compositeETag, differingParts, partsToJoin } from '../../ledger.js';
import type { ObsClient } from './obs.js';
import { assembleUrl, remainingMs, type ObsAddressing } from './presigned.js';
import type { MultipartState, ObjectAddress } from './state.js';

/**
 * "Example 2: Uploading a Media File Greater Than 20 MB by Part": one authority from VOD for each request to OBS. All
 * of it runs here but for the parts' own bytes.
 */
export interface Multipart {
  open(address: ObjectAddress, context: CallContext): Promise<MultipartState>;
  sign(state: MultipartState, parts: readonly PartToSign[], context: CallContext): Promise<SignedRequest[]>;
  list(state: MultipartState, context: CallContext): Promise<StoredPart[]>;
  join(state: MultipartState, sent: readonly SentPart[], context: CallContext): Promise<Joined>;
  abort(state: MultipartState, context: CallContext): Promise<void>;
}

export type Joined = { readonly eTag: string | undefined } | { readonly differing: number[] };

export const maxFileSizeBytes = maxPartCount * maxPartSizeBytes;

/** Parts of at most 20 MiB, as the vendor advises, unless the file is too large for 10,000 of them. */
export function multipartTransfer(sizeBytes: number): Transfer {
  return {
    kind: 'multipart',
    minPartSizeBytes,
    maxPartSizeBytes: Math.max(recommendedMaxPartSizeBytes, Math.ceil(sizeBytes / maxPartCount)),
    maxPartCount,
  };
}

export function createMultipart(
  vod: VodClient,
  obs: ObsClient,
  addressing: ObsAddressing,
  now: () => number,
): Multipart {
  type Step = Omit<AuthorityQuery, 'bucket' | 'object_key'>;

  async function authorise(address: ObjectAddress, step: Step, context: CallContext): Promise<string> {
    const query = { ...step, bucket: address.bucket, object_key: address.objectKey };
    return assembleUrl(await vod.authority(query, context), query, address, addressing);
  }

  async function signPart(
    state: MultipartState,
    { partNumber, md5Base64 }: PartToSign,
    context: CallContext,
  ): Promise<SignedRequest> {
    // The example asks with the file's type and then sends octet-stream; asking with what is sent holds under either reading.
    const step = {
      http_verb: 'PUT',
      content_type: partContentType,
      upload_id: state.uploadId,
      part_number: partNumber,
    } as const;
    const url = await authorise(
      state,
      md5Base64 === undefined ? step : { ...step, content_md5: md5Base64 },
      context,
    );
    const headers = {
      'Content-Type': partContentType,
      ...(md5Base64 !== undefined && { 'Content-MD5': md5Base64 }),
    };
    return { partNumber, method: 'PUT', url, headers, expiresInMs: remainingMs(url, now()) };
  }

  async function list(state: MultipartState, context: CallContext): Promise<StoredPart[]> {
    return obs.listParts(
      await authorise(state, { http_verb: 'GET', upload_id: state.uploadId }, context),
      context,
    );
  }

  return {
    async open(address, context) {
      const { bucket, objectKey, location, contentType } = address;
      const url = await authorise(address, { http_verb: 'POST', content_type: contentType }, context);
      const uploadId = await obs.initiate(url, contentType, context);
      return { kind: 'multipart', bucket, objectKey, ...(location && { location }), contentType, uploadId };
    },
    sign: (state, parts, context) =>
      allOrAbort(parts, context.signal, (part, signal) => signPart(state, part, { ...context, signal })),
    list,
    async join(state, sent, context) {
      const stored = await list(state, context);
      const differing = differingParts(sent, stored);
      if (differing.length > 0) return { differing };
      const parts = partsToJoin(sent, stored);
      const url = await authorise(state, { http_verb: 'POST', upload_id: state.uploadId }, context);
      const eTag = await obs.complete(url, parts, context);
      if (eTag !== undefined && eTag.toLowerCase() !== compositeETag(parts)) {
        throw new EndpointError('vendor-invalid-reply', {
          detail: 'complete multipart upload: the ETag of the object is not that of its parts',
        });
      }
      return { eTag };
    },
    async abort(state, context) {
      await obs.abort(
        await authorise(state, { http_verb: 'DELETE', upload_id: state.uploadId }, context),
        context,
      );
    },
  };
}

import {
  maxListedParts,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
} from '../../../vendors/huawei-vod.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { quote, type MultipartUpload, type StoredPart } from '../../store/object-store.js';
import { ObsError } from './errors.js';
import type { ObsExchange } from './exchange.js';
import { describedBy, forbidOverwrite } from './objects.js';
import { receiveBody, receiveText } from './receive-body.js';
import type { ListedPart, XmlValue } from '../../http/xml.js';
import { numberParameter, pageOfParts } from '../../object-api/paging.js';
import { parseCompleteBody, resultDocument } from './xml.js';

/** Enough for 10,000 parts with white space. */
const maxCompleteBodyBytes = 4 * 1024 * 1024;

/** OBS API reference, "Initiating a Multipart Upload". */
export function initiate({ context, request, bucket, key, region }: ObsExchange): Reply {
  const upload = context.store.initiate(bucket, key, describedBy(request));
  return xml(
    resultDocument({ context, region }, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
    }),
  );
}

/** OBS API reference, "Uploading a Part". */
export async function uploadPart(exchange: ObsExchange): Promise<Reply> {
  const { context, request } = exchange;
  const partNumber = limited(request, 'partNumber', { min: 1, max: maxPartCount });
  openUpload(exchange);
  const bytes = await receiveBody(exchange, maxPartSizeBytes);
  // Looked up again: it may have been completed or aborted while the body was read.
  const upload = findUpload(exchange);
  if (!upload || upload.isCompleting) {
    await context.store.discard(bytes);
    throw new ObsError(upload ? 'OperationAborted' : 'NoSuchUpload');
  }
  await context.store.putPart(upload, partNumber, bytes);
  return { status: 200, headers: { ETag: quote(bytes.md5Hex) } };
}

/** OBS API reference, "Listing Uploaded Parts of a Multipart Upload". */
export function listParts(exchange: ObsExchange): Reply {
  const { request, bucket, key } = exchange;
  const upload = openUpload(exchange);
  const maxParts = Math.min(
    limited(request, 'max-parts', { min: 1, max: Number.MAX_SAFE_INTEGER, byDefault: maxListedParts }),
    maxListedParts,
  );
  const marker = limited(request, 'part-number-marker', { min: 0, max: maxPartCount, byDefault: 0 });
  const encoding = firstValue(request.query, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw new ObsError('InvalidArgument', { details: { ArgumentName: 'encoding-type' } });
  const page = pageOfParts(upload, { marker, max: maxParts });
  const owner: XmlValue = { ID: 'sandbox-domain', DisplayName: 'sandbox' };
  return xml(
    resultDocument(exchange, 'ListPartsResult', {
      Bucket: bucket,
      Key: encoding === 'url' ? encodeStrict(key).replaceAll('%2F', '/') : key,
      UploadId: upload.uploadId,
      EncodingType: encoding,
      Initiator: owner,
      Owner: owner,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.nextMarker,
      MaxParts: maxParts,
      IsTruncated: page.isTruncated,
      Part: page.parts.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAt).toISOString(),
        ETag: quote(part.md5Hex),
        Size: part.sizeBytes,
      })),
    }),
  );
}

/** OBS API reference, "Completing a Multipart Upload". */
export async function complete(exchange: ObsExchange): Promise<Reply> {
  const { context, bucket, key } = exchange;
  const listed = parseCompleteBody(await receiveText(exchange, maxCompleteBodyBytes));
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new ObsError('OperationAborted');
  forbidOverwrite(exchange);
  const object = await context.store.complete(upload, checkedParts(upload, listed), () => {
    // Another request may have stored the object while the parts were read.
    forbidOverwrite(exchange);
    return {};
  });
  return xml(
    resultDocument(exchange, 'CompleteMultipartUploadResult', {
      Location: `/${bucket}/${key}`,
      Bucket: bucket,
      Key: key,
      ETag: object.etag,
    }),
  );
}

/** OBS API reference, "Canceling a Multipart Upload Task". */
export async function abort(exchange: ObsExchange): Promise<Reply> {
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new ObsError('OperationAborted');
  await exchange.context.store.abort(upload);
  return { status: 204 };
}

/** Checks order, presence, ETag and size of the listed parts; the minimum size applies only here. */
function checkedParts(upload: MultipartUpload, listed: readonly ListedPart[]): StoredPart[] {
  listed.forEach(({ partNumber }, index) => {
    if (partNumber <= (listed[index - 1]?.partNumber ?? 0)) throw new ObsError('InvalidPartOrder');
  });
  const parts = listed.map(({ partNumber, etag }) => {
    const part = upload.parts.get(partNumber);
    if (part?.md5Hex !== etag.toLowerCase())
      throw new ObsError('InvalidPart', { details: { PartNumber: String(partNumber) } });
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.sizeBytes < minPartSizeBytes);
  if (small) throw new ObsError('EntityTooSmall', { details: { PartNumber: String(small.partNumber) } });
  return parts;
}

function openUpload(exchange: ObsExchange): MultipartUpload {
  const upload = findUpload(exchange);
  if (!upload) throw new ObsError('NoSuchUpload');
  return upload;
}

function findUpload({ context, request, bucket, key }: ObsExchange): MultipartUpload | undefined {
  return context.store.findUpload(bucket, key, firstValue(request.query, 'uploadId') ?? '');
}

function limited(
  request: SandboxRequest,
  name: string,
  rule: { min: number; max: number; byDefault?: number },
): number {
  const refuse = (): Error =>
    new ObsError('InvalidArgument', {
      message: `${name} must be a whole number from ${rule.min} to ${rule.max}.`,
      details: { ArgumentName: name },
    });
  return numberParameter(request, name, { ...rule, refuse });
}

import { maxListedParts, maxPartCount, maxPartSizeBytes } from '../../../vendors/s3.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { quote, type MultipartUpload } from '../../store/object-store.js';
import { numberParameter, pageOfParts } from '../../object-api/paging.js';
import { algorithmOf, checksumFields, uploadChecksum } from './checksums.js';
import { partNumberOfCeph } from './ceph.js';
import { shownETag } from './etag.js';
import { S3Error } from './errors.js';
import { owner, type S3Exchange } from './exchange.js';
import { describedBy, isPublicAcl, refuseConditions } from './objects.js';
import { receiveBody } from './receive-body.js';
import { resultDocument } from './xml.js';

/** "CreateMultipartUpload". */
export function initiate(exchange: S3Exchange): Reply {
  const { context, request, bucket, key, memory } = exchange;
  refuseConditions(exchange);
  const isPublic = isPublicAcl(exchange);
  const checksum = exchange.settings.dialect === 'aws' ? uploadChecksum(request.header) : undefined;
  const upload = context.store.initiate(bucket, key, describedBy(exchange));
  if (isPublic) memory.publicUploads.add(upload.uploadId);
  if (checksum) memory.checksums.set(upload.uploadId, checksum);
  const headers = checksum && {
    'x-amz-checksum-algorithm': algorithmOf(checksum.header),
    'x-amz-checksum-type': checksum.type,
  };
  const reply = xml(
    resultDocument(context, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
    }),
  );
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** "UploadPart". */
export async function uploadPart(exchange: S3Exchange): Promise<Reply> {
  const { context, request, settings } = exchange;
  const partNumber =
    settings.dialect === 'ceph'
      ? partNumberOfCeph(firstValue(request.query, 'partNumber'))
      : limited(request, 'partNumber', { min: 1, max: maxPartCount });
  refuseConditions(exchange);
  const { uploadId } = openUpload(exchange);
  const { bytes, headers } = await receiveBody(
    exchange,
    maxPartSizeBytes,
    exchange.memory.checksums.get(uploadId),
  );
  // Looked up again: it may have been completed or aborted while the body was read.
  const upload = findUpload(exchange);
  if (!upload || upload.isCompleting) {
    await context.store.discard(bytes);
    throw new S3Error(upload ? 'OperationAborted' : 'NoSuchUpload');
  }
  await context.store.putPart(upload, partNumber, bytes, headers);
  return { status: 200, headers: { ETag: quote(shownETag(bytes.md5Hex, settings)), ...headers } };
}

/** "ListParts". */
export function listParts(exchange: S3Exchange): Reply {
  const { request, bucket, key, settings } = exchange;
  if (!settings.listParts) throw new S3Error('MethodNotAllowed');
  const upload = findUpload(exchange);
  if (!upload) throw new S3Error(settings.dialect === 'ceph' ? 'NoSuchKey' : 'NoSuchUpload');
  const maxParts = Math.min(
    limited(request, 'max-parts', { min: 0, max: Number.MAX_SAFE_INTEGER, byDefault: maxListedParts }),
    maxListedParts,
  );
  const marker = limited(request, 'part-number-marker', { min: 0, max: maxPartCount, byDefault: 0 });
  const isEncoded = firstValue(request.query, 'encoding-type') === 'url';
  const page = pageOfParts(upload, { marker, max: maxParts });
  const checksum = exchange.memory.checksums.get(upload.uploadId);
  return xml(
    resultDocument(exchange.context, 'ListPartsResult', {
      Bucket: bucket,
      Key: isEncoded ? encodeStrict(key).replaceAll('%2F', '/') : key,
      UploadId: upload.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.nextMarker,
      MaxParts: maxParts,
      IsTruncated: page.isTruncated,
      Initiator: owner,
      Owner: owner,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: checksum && algorithmOf(checksum.header),
      ChecksumType: checksum?.type,
      Part: page.parts.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAt).toISOString(),
        ETag: quote(shownETag(part.md5Hex, settings)),
        Size: part.sizeBytes,
        ...checksumFields(part.checksums),
      })),
    }),
  );
}

/** "AbortMultipartUpload". */
export async function abort(exchange: S3Exchange): Promise<Reply> {
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new S3Error('OperationAborted');
  await exchange.context.store.abort(upload);
  return { status: 204 };
}

/** "ListMultipartUploads", without paging: a sandbox has few. */
export function listUploads({ context, request, bucket }: S3Exchange): Reply {
  const prefix = firstValue(request.query, 'prefix') ?? '';
  const uploads = context.store
    .uploads()
    .filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix));
  return xml(
    resultDocument(context, 'ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: '',
      UploadIdMarker: '',
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: uploads.map(({ key, uploadId, initiatedAt }) => ({
        Key: key,
        UploadId: uploadId,
        Initiated: new Date(initiatedAt).toISOString(),
        StorageClass: 'STANDARD',
      })),
    }),
  );
}

export function openUpload(exchange: S3Exchange): MultipartUpload {
  const upload = findUpload(exchange);
  if (!upload) throw new S3Error('NoSuchUpload');
  return upload;
}

function findUpload({ context, request, bucket, key }: S3Exchange): MultipartUpload | undefined {
  return context.store.findUpload(bucket, key, firstValue(request.query, 'uploadId') ?? '');
}

function limited(
  request: SandboxRequest,
  name: string,
  rule: { min: number; max: number; byDefault?: number },
): number {
  const refuse = (): Error =>
    new S3Error('InvalidArgument', {
      message: `${name} must be a whole number from ${rule.min} to ${rule.max}.`,
      details: { ArgumentName: name },
    });
  return numberParameter(request, name, { ...rule, refuse });
}

import { maxListedParts, maxPartCount, maxPartSizeBytes } from '../../../vendors/s3.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import { quote, type MultipartUpload, type StoredPart } from '../../store/object-store.js';
import { shownETag } from './etag.js';
import { S3Error } from './errors.js';
import type { S3Exchange } from './exchange.js';
import { isPublicAcl, setPublic } from './objects.js';
import { receiveBody, receiveText } from './receive-body.js';
import type { ListedPart } from '../../http/xml.js';
import { parseCompleteBody, resultDocument } from './xml.js';

/** Room for 10,000 parts with their checksums. */
const maxCompleteBodyBytes = 4 * 1024 * 1024;

/** "CreateMultipartUpload". */
export function initiate(exchange: S3Exchange): Reply {
  const { context, request, bucket, key, memory } = exchange;
  const isPublic = isPublicAcl(exchange);
  const upload = context.store.initiate(bucket, key, request.header('content-type') ?? 'binary/octet-stream');
  if (isPublic) memory.publicUploads.add(upload.uploadId);
  return xml(
    resultDocument(context, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
    }),
  );
}

/** "UploadPart". */
export async function uploadPart(exchange: S3Exchange): Promise<Reply> {
  const { context, request, settings } = exchange;
  const partNumber = wholeNumber(firstValue(request.query, 'partNumber'), 1, maxPartCount, 'partNumber');
  openUpload(exchange);
  const { bytes, headers } = await receiveBody(exchange, maxPartSizeBytes);
  // Looked up once more: it may have been completed or aborted while the bytes came in.
  const upload = findUpload(exchange);
  if (!upload || upload.isCompleting) {
    await context.store.discard(bytes);
    throw new S3Error(upload ? 'OperationAborted' : 'NoSuchUpload');
  }
  await context.store.putPart(upload, partNumber, bytes);
  return { status: 200, headers: { ETag: quote(shownETag(bytes.md5Hex, settings)), ...headers } };
}

/** "ListParts". */
export function listParts(exchange: S3Exchange): Reply {
  const { request, bucket, key, settings } = exchange;
  const upload = findUpload(exchange);
  if (!upload) throw new S3Error(settings.dialect === 'ceph' ? 'NoSuchKey' : 'NoSuchUpload');
  const maxParts = Math.min(
    wholeNumber(
      firstValue(request.query, 'max-parts') ?? String(maxListedParts),
      0,
      Number.MAX_SAFE_INTEGER,
      'max-parts',
    ),
    maxListedParts,
  );
  const marker = wholeNumber(
    firstValue(request.query, 'part-number-marker') ?? '0',
    0,
    maxPartCount,
    'part-number-marker',
  );
  const isEncoded = firstValue(request.query, 'encoding-type') === 'url';
  const after = [...upload.parts.values()]
    .sort((a, b) => a.partNumber - b.partNumber)
    .filter((part) => part.partNumber > marker);
  const page = after.slice(0, maxParts);
  const owner = { ID: 'sandbox', DisplayName: 'sandbox' };
  return xml(
    resultDocument(exchange.context, 'ListPartsResult', {
      Bucket: bucket,
      Key: isEncoded ? encodeStrict(key).replaceAll('%2F', '/') : key,
      UploadId: upload.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
      MaxParts: maxParts,
      IsTruncated: after.length > page.length,
      Initiator: owner,
      Owner: owner,
      StorageClass: 'STANDARD',
      Part: page.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAt).toISOString(),
        ETag: quote(shownETag(part.md5Hex, settings)),
        Size: part.sizeBytes,
      })),
    }),
  );
}

/** "CompleteMultipartUpload". */
export async function complete(exchange: S3Exchange): Promise<Reply> {
  const { context, request, memory, settings } = exchange;
  const listed = parseCompleteBody(await receiveText(exchange, maxCompleteBodyBytes));
  const uploadId = firstValue(request.query, 'uploadId') ?? '';
  const earlier = memory.completed.get(uploadId);
  if (settings.dialect === 'ceph' && earlier !== undefined)
    return xml(completedDocument(exchange, quote(earlier)));
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new S3Error('OperationAborted');
  const object = await context.store.complete(upload, checkedParts(upload, listed, exchange));
  const etag = shownETag(object.etag.replaceAll('"', ''), settings);
  setPublic(exchange, memory.publicUploads.delete(uploadId));
  memory.completed.set(uploadId, etag);
  return xml(completedDocument(exchange, settings.dialect === 'ceph' ? '' : quote(etag)));
}

function completedDocument({ context, bucket, key }: S3Exchange, etag: string): string {
  return resultDocument(context, 'CompleteMultipartUploadResult', {
    Location: `/${bucket}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: etag,
  });
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

/** Order, presence, ETag and size of what the client wants joined: too small is found out only here. */
function checkedParts(
  upload: MultipartUpload,
  listed: readonly ListedPart[],
  { settings }: S3Exchange,
): StoredPart[] {
  listed.forEach(({ partNumber }, index) => {
    if (partNumber <= (listed[index - 1]?.partNumber ?? 0)) throw new S3Error('InvalidPartOrder');
  });
  const parts = listed.map(({ partNumber, etag }) => {
    const part = upload.parts.get(partNumber);
    if (!part || shownETag(part.md5Hex, settings) !== etag.toLowerCase())
      throw new S3Error('InvalidPart', { details: { PartNumber: String(partNumber) } });
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.sizeBytes < settings.minPartSizeBytes);
  if (small) throw new S3Error('EntityTooSmall', { details: { PartNumber: String(small.partNumber) } });
  return parts;
}

function openUpload(exchange: S3Exchange): MultipartUpload {
  const upload = findUpload(exchange);
  if (!upload) throw new S3Error('NoSuchUpload');
  return upload;
}

function findUpload({ context, request, bucket, key }: S3Exchange): MultipartUpload | undefined {
  return context.store.findUpload(bucket, key, firstValue(request.query, 'uploadId') ?? '');
}

function wholeNumber(text: string | undefined, min: number, max: number, name: string): number {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw new S3Error('InvalidArgument', {
      message: `${name} must be a whole number from ${min} to ${max}.`,
      details: { ArgumentName: name },
    });
  }
  return value;
}

function xml(body: string): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body };
}

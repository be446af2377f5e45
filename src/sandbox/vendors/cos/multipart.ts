import {
  maxListedParts,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
} from '../../../vendors/tencent-vod.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { SandboxSettings } from '../../options.js';
import { quote, type MultipartUpload, type StoredPart } from '../../store/object-store.js';
import { crc64Of } from './crc64.js';
import { CosError } from './errors.js';
import type { CosExchange } from './exchange.js';
import { crcHeader, describedBy, forbidOverwrite, shownETag } from './objects.js';
import { receiveBody, receiveText } from './receive-body.js';
import type { ListedPart, XmlValue } from '../../http/xml.js';
import { numberParameter, pageOfParts } from '../../object-api/paging.js';
import { parseCompleteBody, resultDocument } from './xml.js';

/** Enough for 10,000 parts with white space. */
const maxCompleteBodyBytes = 4 * 1024 * 1024;
const maxListedUploads = 1000;
const owner: XmlValue = { ID: '1251000333', DisplayName: '1251000333' };

/** COS, "Initiate Multipart Upload". */
export function initiate({ context, request, bucket, key }: CosExchange): Reply {
  const upload = context.store.initiate(bucket, key, describedBy(request));
  return xml(
    resultDocument(context, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
    }),
  );
}

/** COS, "Upload Part". */
export async function uploadPart(exchange: CosExchange): Promise<Reply> {
  const { context, request, checksums } = exchange;
  const partNumber = limited(request, 'partNumber', { min: 1, max: maxPartCount });
  openUpload(exchange);
  const bytes = await receiveBody(exchange, maxPartSizeBytes);
  // Looked up again: it may have been completed or aborted while the body was read.
  const upload = findUpload(exchange);
  if (!upload || upload.isCompleting) {
    await context.store.discard(bytes);
    throw new CosError(upload ? 'OperationAborted' : 'NoSuchUpload');
  }
  await context.store.putPart(upload, partNumber, bytes);
  return { status: 200, headers: { ETag: quote(bytes.md5Hex), ...crcHeader(checksums.get(bytes.path)) } };
}

/** COS, "List Parts". */
export function listParts(exchange: CosExchange): Reply {
  const { request, bucket } = exchange;
  const upload = openUpload(exchange);
  const max = Math.min(
    limited(request, 'max-parts', { min: 1, max: Number.MAX_SAFE_INTEGER, byDefault: maxListedParts }),
    maxListedParts,
  );
  const marker = limited(request, 'part-number-marker', { min: 0, max: maxPartCount, byDefault: 0 });
  const page = pageOfParts(upload, { marker, max });
  return xml(
    resultDocument(exchange.context, 'ListPartsResult', {
      Bucket: bucket,
      'Encoding-type': encodingOf(exchange),
      Key: encoded(exchange, upload.key),
      UploadId: upload.uploadId,
      Initiator: owner,
      Owner: owner,
      PartNumberMarker: marker,
      Part: page.parts.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAt).toISOString(),
        ETag: quote(part.md5Hex),
        Size: part.sizeBytes,
      })),
      NextPartNumberMarker: page.nextMarker,
      StorageClass: 'STANDARD',
      MaxParts: max,
      IsTruncated: page.isTruncated,
    }),
  );
}

/** COS, "List Multipart Uploads". Pages are not emulated: a temporary key sees the uploads of two keys. */
export function listUploads(exchange: CosExchange): Reply {
  const { context, request, bucket } = exchange;
  const prefix = firstValue(request.query, 'prefix') ?? '';
  const max = limited(request, 'max-uploads', { min: 1, max: maxListedUploads, byDefault: maxListedUploads });
  const found = context.store
    .uploads()
    .filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix))
    .slice(0, max);
  return xml(
    resultDocument(context, 'ListMultipartUploadsResult', {
      Bucket: bucket,
      'Encoding-Type': encodingOf(exchange),
      KeyMarker: '',
      UploadIdMarker: '',
      MaxUploads: max,
      Prefix: encoded(exchange, prefix),
      Delimiter: '',
      IsTruncated: false,
      Upload: found.map((upload) => ({
        Key: encoded(exchange, upload.key),
        UploadId: upload.uploadId,
        Initiator: owner,
        Owner: owner,
        StorageClass: 'STANDARD',
        Initiated: new Date(upload.initiatedAt).toISOString(),
      })),
    }),
  );
}

/** COS, "Complete Multipart Upload". */
export async function complete(exchange: CosExchange): Promise<Reply> {
  const { context, request, bucket, key, region, checksums } = exchange;
  const listed = parseCompleteBody(await receiveText(exchange, maxCompleteBodyBytes));
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new CosError('OperationAborted');
  forbidOverwrite(exchange);
  const parts = checkedParts(upload, listed, context.settings);
  const object = await context.store.complete(upload, parts, () => {
    forbidOverwrite(exchange);
    return {};
  });
  const crc = await crc64Of(object);
  checksums.set(object.path, crc);
  const host = request.host.includes('.cos.') ? request.host : `${bucket}.cos.${region}.myqcloud.com`;
  const document = resultDocument(context, 'CompleteMultipartUploadResult', {
    Location: `${host}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: shownETag(object, context.settings),
  });
  return xml(document, crcHeader(crc));
}

/** COS, "Abort Multipart Upload". */
export async function abort(exchange: CosExchange): Promise<Reply> {
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new CosError('OperationAborted');
  await exchange.context.store.abort(upload);
  return { status: exchange.context.settings.cosAbortStatus };
}

/** Checks order, presence, ETag and size of the listed parts; the minimum size applies only here. */
function checkedParts(
  upload: MultipartUpload,
  listed: readonly ListedPart[],
  { cosMinPartSize }: SandboxSettings,
): StoredPart[] {
  listed.forEach(({ partNumber }, index) => {
    if (partNumber <= (listed[index - 1]?.partNumber ?? 0)) throw new CosError('InvalidPartOrder');
  });
  const parts = listed.map(({ partNumber, etag }, index) => {
    const part = upload.parts.get(partNumber);
    // "Numbers must run without a gap."
    if (partNumber !== index + 1 || part?.md5Hex !== etag.toLowerCase()) throw new CosError('InvalidPart');
    return part;
  });
  if (cosMinPartSize === 'enforced' && parts.slice(0, -1).some((part) => part.sizeBytes < minPartSizeBytes))
    throw new CosError('EntityTooSmall');
  return parts;
}

function openUpload(exchange: CosExchange): MultipartUpload {
  const upload = findUpload(exchange);
  if (!upload) throw new CosError('NoSuchUpload');
  return upload;
}

function findUpload({ context, request, bucket, key }: CosExchange): MultipartUpload | undefined {
  return context.store.findUpload(bucket, key, firstValue(request.query, 'uploadId') ?? '');
}

function limited(
  request: SandboxRequest,
  name: string,
  rule: { min: number; max: number; byDefault?: number },
): number {
  return numberParameter(request, name, { ...rule, refuse: () => new CosError('InvalidArgument') });
}

function encodingOf({ request }: CosExchange): string {
  const encoding = firstValue(request.query, 'encoding-type') ?? '';
  if (encoding !== '' && encoding !== 'url') throw new CosError('InvalidArgument');
  return encoding;
}

function encoded(exchange: CosExchange, key: string): string {
  return encodingOf(exchange) === 'url' ? encodeStrict(key).replaceAll('%2F', '/') : key;
}

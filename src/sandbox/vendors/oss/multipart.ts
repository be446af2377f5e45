import {
  maxListedParts,
  maxPartCount,
  maxPartSizeBytes,
  minPartSizeBytes,
} from '../../../vendors/alibaba-vod.js';
import { encodeStrict, firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { quote, type MultipartUpload, type StoredPart } from '../../store/object-store.js';
import { OssError } from './errors.js';
import type { OssExchange } from './exchange.js';
import { base64, describedBy, forbidOverwrite } from './objects.js';
import { receiveBody, receiveText } from './receive-body.js';
import type { ListedPart } from '../../http/xml.js';
import { numberParameter, pageOfParts, sortedParts, wholeNumberOf } from '../../object-api/paging.js';
import { parseCompleteBody, resultDocument } from './xml.js';

/** Enough for 10,000 parts with white space. */
const maxCompleteBodyBytes = 4 * 1024 * 1024;

/** OSS API reference, "InitiateMultipartUpload". */
export function initiate({ context, request, bucket, key }: OssExchange): Reply {
  const { uploadId } = context.store.initiate(bucket, key, describedBy(request));
  return xml(
    resultDocument(context, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      ...keyFields(request, key),
      UploadId: uploadId,
    }),
  );
}

/** OSS API reference, "UploadPart". */
export async function uploadPart(exchange: OssExchange): Promise<Reply> {
  const { context, request } = exchange;
  const partNumber = partNumberOf(firstValue(request.query, 'partNumber'));
  openUpload(exchange);
  const bytes = await receiveBody(exchange, maxPartSizeBytes);
  // Looked up again: it may have been completed or aborted while the body was read.
  const upload = findUpload(exchange);
  if (!upload || upload.isCompleting) {
    await context.store.discard(bytes);
    throw new OssError('NoSuchUpload');
  }
  await context.store.putPart(upload, partNumber, bytes);
  return { status: 200, headers: { ETag: partETag(bytes), 'Content-MD5': base64(bytes.md5Hex) } };
}

/** OSS API reference, "ListParts". */
export function listParts(exchange: OssExchange): Reply {
  const { request, bucket, key } = exchange;
  const upload = openUpload(exchange);
  const maxParts = limited(request, 'max-parts', { min: 1, max: maxListedParts, byDefault: maxListedParts });
  const marker = limited(request, 'part-number-marker', { min: 0, max: maxPartCount, byDefault: 0 });
  const page = pageOfParts(upload, { marker, max: maxParts });
  return xml(
    resultDocument(exchange.context, 'ListPartsResult', {
      Bucket: bucket,
      ...keyFields(request, key),
      UploadId: upload.uploadId,
      StorageClass: 'Standard',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.nextMarker,
      MaxParts: maxParts,
      IsTruncated: page.isTruncated,
      Part: page.parts.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: new Date(part.modifiedAt).toISOString(),
        ETag: partETag(part),
        Size: part.sizeBytes,
      })),
    }),
  );
}

/** OSS API reference, "CompleteMultipartUpload"; with `x-oss-complete-all: yes` all stored parts are used, and no body may be sent. */
export async function complete(exchange: OssExchange): Promise<Reply> {
  const { context, request, bucket, key, policy, effect } = exchange;
  const text = await receiveText(exchange, maxCompleteBodyBytes);
  const isAll = request.header('x-oss-complete-all') === 'yes';
  if (isAll && text !== '')
    throw new OssError('InvalidArgument', { message: 'x-oss-complete-all must not be sent with a body.' });
  const listed = isAll ? undefined : parseCompleteBody(text);
  forbidOverwrite(exchange);
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new OssError('NoSuchUpload');
  const parts = checkedParts(upload, listed ?? allParts(upload));
  const object = await context.store.complete(upload, parts, () => {
    forbidOverwrite(exchange);
    return {};
  });
  policy.onStored(object, effect);
  const location = `http://${bucket}.oss-${policy.region}.aliyuncs.com/${key}`;
  const etag = object.etag.toUpperCase();
  const document = resultDocument(context, 'CompleteMultipartUploadResult', {
    Location: location,
    Bucket: bucket,
    ...keyFields(request, key),
    ETag: etag,
  });
  return xml(document, { ETag: etag });
}

/** OSS API reference, "AbortMultipartUpload". */
export async function abort(exchange: OssExchange): Promise<Reply> {
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new OssError('NoSuchUpload');
  await exchange.context.store.abort(upload);
  return { status: 204 };
}

function allParts(upload: MultipartUpload): ListedPart[] {
  return sortedParts(upload).map(({ partNumber, md5Hex }) => ({ partNumber, etag: md5Hex, checksums: {} }));
}

/** Checks order, presence, ETag and size of the listed parts; the minimum size applies only here. */
function checkedParts(upload: MultipartUpload, listed: readonly ListedPart[]): StoredPart[] {
  if (listed.length === 0) throw new OssError('MalformedXML');
  const parts = listed.map(({ partNumber, etag }, index) => {
    if (partNumber <= (listed[index - 1]?.partNumber ?? 0)) throw new OssError('InvalidPartOrder');
    const part = upload.parts.get(partNumber);
    if (part?.md5Hex !== etag.toLowerCase())
      throw new OssError('InvalidPart', {
        details: { ETag: etag, PartNumber: String(partNumber), UploadId: upload.uploadId },
      });
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.sizeBytes < minPartSizeBytes);
  if (small)
    throw new OssError('EntityTooSmall', {
      details: {
        ProposedSize: String(small.sizeBytes),
        MinSizeAllowed: String(minPartSizeBytes),
        PartNumber: String(small.partNumber),
      },
    });
  return parts;
}

function openUpload(exchange: OssExchange): MultipartUpload {
  const upload = findUpload(exchange);
  if (!upload)
    throw new OssError('NoSuchUpload', {
      details: { UploadId: firstValue(exchange.request.query, 'uploadId') ?? '' },
    });
  return upload;
}

function findUpload({ context, request, bucket, key }: OssExchange): MultipartUpload | undefined {
  return context.store.findUpload(bucket, key, firstValue(request.query, 'uploadId') ?? '');
}

/** Part ETags are upper case here. */
function partETag({ md5Hex }: { md5Hex: string }): string {
  return quote(md5Hex.toUpperCase());
}

function partNumberOf(text: string | undefined): number {
  if (text === undefined)
    throw new OssError('InvalidArgument', {
      message: 'Unexpected query string parameter',
      details: { EC: '0017-00000219' },
    });
  const value = wholeNumberOf(text, 1, maxPartCount);
  if (value !== undefined) return value;
  const details = { ArgumentName: 'PartNumber', ArgumentValue: text, EC: '0017-00000220' };
  throw new OssError('InvalidArgument', {
    message: `Part number must be an integer between 1 and ${maxPartCount}, inclusive.`,
    details,
  });
}

function limited(
  request: SandboxRequest,
  name: string,
  rule: { min: number; max: number; byDefault: number },
): number {
  const refuse = (text: string): Error =>
    new OssError('InvalidArgument', {
      message: `Argument ${name} must be an integer between ${rule.min} and ${rule.max}.`,
      details: { ArgumentName: name, ArgumentValue: text },
    });
  return numberParameter(request, name, { ...rule, refuse });
}

function keyFields(request: OssExchange['request'], key: string): Record<string, string> {
  const encoding = firstValue(request.query, 'encoding-type');
  if (encoding === undefined) return { Key: key };
  if (encoding !== 'url')
    throw new OssError('InvalidArgument', {
      details: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
    });
  return { EncodingType: 'url', Key: encodeStrict(key) };
}

import { firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { ListedPart } from '../../http/xml.js';
import { quote, type MultipartUpload, type StoredPart } from '../../store/object-store.js';
import type { StoredBytes } from '../../store/receive.js';
import {
  algorithmOf,
  checkCompleteHeaders,
  checksumFields,
  elementOf,
  objectChecksum,
  type UploadChecksum,
} from './checksums.js';
import { listedAsCeph } from './ceph.js';
import { shownETag } from './etag.js';
import { S3Error } from './errors.js';
import { announceObject } from './events.js';
import type { S3Exchange } from './exchange.js';
import { openUpload } from './multipart.js';
import { checkConditions, setPublic } from './objects.js';
import { receiveText } from './receive-body.js';
import { parseCompleteBody, resultDocument } from './xml.js';

/** Enough for 10,000 parts with their checksums. */
const maxCompleteBodyBytes = 4 * 1024 * 1024;

/** "CompleteMultipartUpload". */
export async function complete(exchange: S3Exchange): Promise<Reply> {
  const { context, request, memory, settings } = exchange;
  const listed = parseCompleteBody(await receiveText(exchange, maxCompleteBodyBytes));
  const uploadId = firstValue(request.query, 'uploadId') ?? '';
  const earlier = memory.completed.get(uploadId);
  if (settings.dialect === 'ceph' && earlier !== undefined) return xml(completedDocument(exchange, earlier));
  const upload = openUpload(exchange);
  if (upload.isCompleting) throw new S3Error('OperationAborted');
  const isCeph = settings.dialect === 'ceph';
  if (!isCeph) checkConditions(exchange);
  const checksum = memory.checksums.get(uploadId);
  if (!isCeph) checkCompleteHeaders(request.header, checksum);
  const parts = checkedParts(upload, isCeph ? listedAsCeph(listed) : listed, exchange, checksum);
  const object = await context.store.complete(upload, parts, async (bytes) => {
    const checksums = checksum ? await checkedChecksum(exchange, checksum, parts, bytes) : {};
    // Another request may have stored or deleted the object while the parts were read.
    if (!isCeph) checkConditions(exchange);
    return checksums;
  });
  const etag = shownETag(object.etag.replaceAll('"', ''), settings);
  setPublic(exchange, memory.publicUploads.delete(uploadId));
  memory.completed.set(uploadId, etag);
  memory.checksums.delete(uploadId);
  announceObject(exchange, 'ObjectCreated:CompleteMultipartUpload', object);
  const fields = { ...checksumFields(object.checksums), ChecksumType: checksum?.type };
  return xml(completedDocument(exchange, settings.dialect === 'ceph' ? '' : quote(etag), fields));
}

function completedDocument(
  { context, bucket, key }: S3Exchange,
  etag: string,
  checksum: Record<string, string | undefined> = {},
): string {
  return resultDocument(context, 'CompleteMultipartUploadResult', {
    Location: `/${bucket}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: etag,
    ...checksum,
  });
}

/** Computes the object's checksum and compares it with the one in the request, if any. */
async function checkedChecksum(
  { request }: S3Exchange,
  checksum: UploadChecksum,
  parts: readonly StoredPart[],
  bytes: StoredBytes,
): Promise<Record<string, string>> {
  const computed = await objectChecksum(checksum, parts, bytes);
  const given = request.header(checksum.header);
  // The count of the parts is optional in the request.
  if (given !== undefined && given !== computed && given !== computed.replace(/-\d+$/, ''))
    throw new S3Error('BadDigest');
  return { [checksum.header]: computed };
}

/** Checks order, presence, ETag, checksum and size of the listed parts; the minimum size applies only here. */
function checkedParts(
  upload: MultipartUpload,
  listed: readonly ListedPart[],
  exchange: S3Exchange,
  checksum: UploadChecksum | undefined,
): StoredPart[] {
  const { settings } = exchange;
  listed.forEach(({ partNumber }, index) => {
    if (settings.dialect === 'aws' && partNumber <= (listed[index - 1]?.partNumber ?? 0))
      throw new S3Error('InvalidPartOrder');
  });
  const parts = listed.map((entry) => checkedPart(upload, entry, exchange, checksum));
  const left = [...upload.parts.keys()].find(
    (number) => !listed.some(({ partNumber }) => partNumber === number),
  );
  if (settings.dialect === 'ceph' && left !== undefined) throw invalidPart(left);
  const small = parts.slice(0, -1).find((part) => part.sizeBytes < settings.minPartSizeBytes);
  if (small) throw new S3Error('EntityTooSmall', { details: { PartNumber: String(small.partNumber) } });
  if (settings.dialect === 'aws') checkSize(exchange, parts);
  return parts;
}

function checkedPart(
  upload: MultipartUpload,
  { partNumber, etag, checksums }: ListedPart,
  { settings }: S3Exchange,
  checksum: UploadChecksum | undefined,
): StoredPart {
  const part = upload.parts.get(partNumber);
  const named = settings.dialect === 'ceph' ? etag : etag.toLowerCase();
  if (!part || shownETag(part.md5Hex, settings) !== named) throw invalidPart(partNumber);
  if (settings.dialect === 'ceph') return part;
  const stored = checksumFields(part.checksums);
  if (Object.entries(checksums).some(([name, value]) => stored[name] !== value))
    throw invalidPart(partNumber);
  if (checksum?.type === 'COMPOSITE' && checksums[elementOf(checksum.header)] === undefined) {
    const algorithm = algorithmOf(checksum.header).toLowerCase();
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    });
  }
  return part;
}

/** `x-amz-mp-object-size`: the size that the client expects. */
function checkSize({ request }: S3Exchange, parts: readonly StoredPart[]): void {
  const expected = request.header('x-amz-mp-object-size');
  const size = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (expected !== undefined && Number(expected) !== size)
    throw new S3Error('InvalidRequest', {
      message: 'The provided x-amz-mp-object-size header value does not match the size of the object.',
    });
}

function invalidPart(partNumber: number): S3Error {
  return new S3Error('InvalidPart', { details: { PartNumber: String(partNumber) } });
}

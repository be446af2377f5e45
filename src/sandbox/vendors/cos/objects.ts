import { createHash } from 'node:crypto';
import { maxPutBytes } from '../../../vendors/tencent-vod.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { SandboxSettings } from '../../options.js';
import { quote, type StoredObject } from '../../store/object-store.js';
import { parseRange } from '../../store/range.js';
import { CosError } from './errors.js';
import type { CosExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** COS, "PUT Object". */
export async function putObject(exchange: CosExchange): Promise<Reply> {
  const { context, request, bucket, key, checksums } = exchange;
  const bytes = await receiveBody(exchange, maxPutBytes);
  const object = await context.store.putObject(
    bucket,
    key,
    bytes,
    request.header('content-type') ?? 'application/octet-stream',
  );
  return { status: 200, headers: { ETag: object.etag, ...crcHeader(checksums.get(object.path)) } };
}

/** COS, "GET Object" and "HEAD Object". */
export function getObject({ context, request, bucket, key, checksums }: CosExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new CosError('NoSuchKey');
  const reply = serveObject({ ...object, etag: shownETag(object, context.settings) }, request);
  return { ...reply, headers: { ...reply.headers, ...crcHeader(checksums.get(object.path)) } };
}

export function crcHeader(crc: string | undefined): Record<string, string> {
  return crc === undefined ? {} : { 'x-cos-hash-crc64ecma': crc };
}

/** Of a joined object it is only said that the ETag is not the MD5. */
export function shownETag(
  { etag, uploadId, parts }: StoredObject,
  { cosJoinedETag }: SandboxSettings,
): string {
  if (uploadId === undefined || cosJoinedETag === 'composite') return etag;
  return quote(`${createHash('md5').update(uploadId).digest('hex')}-${parts.length}`);
}

/** The object or the range of it that was asked for; also what a play address answers. */
export function serveObject(object: StoredObject, request: SandboxRequest): Reply {
  const headers: Record<string, string> = {
    'Content-Type': object.contentType,
    'Last-Modified': new Date(object.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
    ETag: object.etag,
  };
  const range = parseRange(request.header('range'), object.sizeBytes);
  if (range.kind === 'unsatisfiable') throw new CosError('InvalidRange');
  if (range.kind === 'whole')
    return { status: 200, headers, body: { bytes: object, start: 0, end: object.sizeBytes } };
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${range.start}-${range.end - 1}/${object.sizeBytes}` },
    body: { bytes: object, start: range.start, end: range.end },
  };
}

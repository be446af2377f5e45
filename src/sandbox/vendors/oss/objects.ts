import { putMaxBytes } from '../../../vendors/alibaba-vod.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { StoredObject } from '../../store/object-store.js';
import { parseRange } from '../../store/range.js';
import { OssError } from './errors.js';
import type { OssExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

const defaultType = 'application/octet-stream';

/** OSS API reference, "PutObject". */
export async function putObject(exchange: OssExchange): Promise<Reply> {
  const { context, request, bucket, key, effect, policy } = exchange;
  const isOccupied = context.store.findObject(bucket, key) !== undefined;
  if (isOccupied && request.header('x-oss-forbid-overwrite') === 'true')
    throw new OssError('FileAlreadyExists');
  const bytes = await receiveBody(exchange, putMaxBytes);
  const object = await context.store.putObject(
    bucket,
    key,
    bytes,
    request.header('content-type') ?? defaultType,
  );
  policy.onStored(object, effect);
  return { status: 200, headers: { ETag: object.etag.toUpperCase(), 'Content-MD5': base64(object.md5Hex) } };
}

/** OSS API reference, "GetObject" and "HeadObject". */
export function getObject({ context, request, bucket, key }: OssExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new OssError('NoSuchKey', { details: { Key: key } });
  return serveObject(object, request);
}

/** OSS API reference, "DeleteObject": 204 also where nothing was. */
export async function deleteObject({ context, bucket, key }: OssExchange): Promise<Reply> {
  await context.store.deleteObject(bucket, key);
  return { status: 204 };
}

/** The object or the range of it that was asked for; also what a play address answers. */
export function serveObject(object: StoredObject, request: SandboxRequest): Reply {
  const isMultipart = object.uploadId !== undefined;
  const headers: Record<string, string> = {
    'Content-Type': object.contentType,
    'Last-Modified': new Date(object.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
    ETag: object.etag.toUpperCase(),
    'x-oss-object-type': isMultipart ? 'Multipart' : 'Normal',
    ...(isMultipart ? {} : { 'Content-MD5': base64(object.md5Hex) }),
  };
  const range = parseRange(request.header('range'), object.sizeBytes);
  if (range.kind === 'unsatisfiable') throw new OssError('InvalidRange');
  if (range.kind === 'whole')
    return { status: 200, headers, body: { bytes: object, start: 0, end: object.sizeBytes } };
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${range.start}-${range.end - 1}/${object.sizeBytes}` },
    body: { bytes: object, start: range.start, end: range.end },
  };
}

export function base64(md5Hex: string): string {
  return Buffer.from(md5Hex, 'hex').toString('base64');
}

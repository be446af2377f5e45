import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { StoredObject } from '../../store/object-store.js';
import { parseRange } from '../../store/range.js';
import { ObsError } from './errors.js';
import type { ObsExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** OBS API reference, "PUT Object". */
export async function putObject(exchange: ObsExchange): Promise<Reply> {
  const { context, request, bucket, key } = exchange;
  const bytes = await receiveBody(exchange, exchange.maxPutBytes);
  const object = await context.store.putObject(
    bucket,
    key,
    bytes,
    request.header('content-type') ?? 'binary/octet-stream',
  );
  return { status: 200, headers: { ETag: object.etag } };
}

/** OBS API reference, "GET Object" and "HEAD Object". */
export function getObject({ context, request, bucket, key }: ObsExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new ObsError('NoSuchKey');
  const reply = serveObject(object, request);
  return { ...reply, headers: { ...reply.headers, ...overrides(request) } };
}

/** `response-content-type` and its kin ("GET Object", table 1): the link says what the answer's headers are to be. */
function overrides(request: SandboxRequest): Record<string, string> {
  const named = request.query.filter(([name]) => /^response-(content-|cache-control|expires)/.test(name));
  return Object.fromEntries(
    named.map(([name, value]) => [headerName(name.slice('response-'.length)), value]),
  );
}

function headerName(lower: string): string {
  return lower.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** OBS API reference, "DELETE Object": 204 also where nothing was. */
export async function deleteObject({ context, bucket, key }: ObsExchange): Promise<Reply> {
  await context.store.deleteObject(bucket, key);
  return { status: 204 };
}

/** The object or the range of it that was asked for; also what a play address answers. */
export function serveObject(object: StoredObject, request: SandboxRequest): Reply {
  const headers: Record<string, string> = {
    'Content-Type': object.contentType,
    'Last-Modified': new Date(object.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
    ETag: object.etag,
    ...(object.uploadId === undefined ? {} : { 'x-obs-uploadId': object.uploadId }),
  };
  const range = parseRange(request.header('range'), object.sizeBytes);
  if (range.kind === 'unsatisfiable') throw new ObsError('InvalidRange');
  if (range.kind === 'whole')
    return { status: 200, headers, body: { bytes: object, start: 0, end: object.sizeBytes } };
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${range.start}-${range.end - 1}/${object.sizeBytes}` },
    body: { bytes: object, start: range.start, end: range.end },
  };
}

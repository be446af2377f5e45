import { cannedAcls, maxPutBytes } from '../../../vendors/s3.js';
import type { Reply } from '../../http/reply.js';
import { quote, type StoredObject } from '../../store/object-store.js';
import { parseRange } from '../../store/range.js';
import { shownETag } from './etag.js';
import { S3Error } from './errors.js';
import { objectName, type S3Exchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** "PutObject". */
export async function putObject(exchange: S3Exchange): Promise<Reply> {
  const { context, request, bucket, key, settings } = exchange;
  const isPublic = isPublicAcl(exchange);
  const { bytes, headers } = await receiveBody(exchange, maxPutBytes);
  const object = await context.store.putObject(
    bucket,
    key,
    bytes,
    request.header('content-type') ?? 'binary/octet-stream',
  );
  setPublic(exchange, isPublic);
  return { status: 200, headers: { ETag: quote(shownETag(object.md5Hex, settings)), ...headers } };
}

/** "GetObject" and "HeadObject". */
export function getObject({ context, request, bucket, key, settings }: S3Exchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new S3Error('NoSuchKey');
  const range = parseRange(request.header('range'), object.sizeBytes);
  const headers = {
    ...describe(object),
    ETag: quote(shownETag(object.etag.replaceAll('"', ''), settings)),
    ...overrides(request.query),
  };
  if (range.kind === 'unsatisfiable') throw new S3Error('InvalidRange');
  if (range.kind === 'whole')
    return { status: 200, headers, body: { bytes: object, start: 0, end: object.sizeBytes } };
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${range.start}-${range.end - 1}/${object.sizeBytes}` },
    body: { bytes: object, start: range.start, end: range.end },
  };
}

/** "DeleteObject": 204 also where nothing was. */
export async function deleteObject(exchange: S3Exchange): Promise<Reply> {
  await exchange.context.store.deleteObject(exchange.bucket, exchange.key);
  setPublic(exchange, false);
  return { status: 204 };
}

/** Of `x-amz-acl` only the difference between everybody and nobody else is kept. */
export function isPublicAcl({ request }: S3Exchange): boolean {
  const acl = request.header('x-amz-acl');
  if (acl !== undefined && !(cannedAcls as readonly string[]).includes(acl))
    throw new S3Error('InvalidArgument', { details: { ArgumentName: 'x-amz-acl' } });
  return acl?.startsWith('public-read') === true;
}

export function setPublic(exchange: S3Exchange, isPublic: boolean): void {
  if (isPublic) exchange.memory.publicObjects.add(objectName(exchange));
  else exchange.memory.publicObjects.delete(objectName(exchange));
}

function describe(object: StoredObject): Record<string, string> {
  return {
    'Content-Type': object.contentType,
    'Last-Modified': new Date(object.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
  };
}

/** `response-content-type` and its kin: the link says what the answer's headers are to be. */
function overrides(query: S3Exchange['request']['query']): Record<string, string> {
  const named = query.filter(([name]) => /^response-(content-|cache-control|expires)/.test(name));
  return Object.fromEntries(
    named.map(([name, value]) => [
      name.slice('response-'.length).replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      value,
    ]),
  );
}

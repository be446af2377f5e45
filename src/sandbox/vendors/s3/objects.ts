import { cannedAcls, maxMetadataBytes, maxPutBytes } from '../../../vendors/s3.js';
import { firstValue } from '../../http/encoding.js';
import type { Reply } from '../../http/reply.js';
import { checkWriteConditions, conditionalHeaders } from '../../object-api/conditions.js';
import { metadataBytes, readObjectHeaders } from '../../object-api/object-headers.js';
import { serveObject } from '../../object-api/serve.js';
import { quote, type ObjectHeaders, type StoredObject } from '../../store/object-store.js';
import { checkWriteAsCeph, describedAsCeph, getAsCeph } from './ceph.js';
import { typeOfChecksums } from './checksums.js';
import { shownETag } from './etag.js';
import { S3Error } from './errors.js';
import { announceObject } from './events.js';
import { objectName, type S3Exchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** "PutObject". */
export async function putObject(exchange: S3Exchange): Promise<Reply> {
  const { context, bucket, key, settings } = exchange;
  const isPublic = isPublicAcl(exchange);
  const described = describedBy(exchange);
  checkConditions(exchange);
  const { bytes, headers } = await receiveBody(exchange, maxPutBytes);
  try {
    // Another request may have stored or deleted the object while the body was read.
    checkConditions(exchange);
  } catch (error) {
    await context.store.discard(bytes);
    throw error;
  }
  const object = await context.store.putObject(bucket, key, bytes, { ...described, checksums: headers });
  setPublic(exchange, isPublic);
  announceObject(exchange, 'ObjectCreated:Put', object);
  const type = { 'x-amz-checksum-type': typeOfChecksums(headers) };
  return { status: 200, headers: { ETag: quote(shownETag(object.md5Hex, settings)), ...headers, ...type } };
}

/** "GetObject" and "HeadObject". */
export function getObject(exchange: S3Exchange): Reply {
  const { context, request, bucket, key } = exchange;
  const object = context.store.findObject(bucket, key);
  if (!object) throw new S3Error('NoSuchKey');
  if (exchange.settings.dialect === 'ceph') return getAsCeph(object, request, objectETag(exchange, object));
  const part = requestedPart(exchange, object);
  const hasChecksum =
    request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' &&
    request.header('range') === undefined;
  return serveObject(object, request, {
    etag: objectETag(exchange, object),
    slice: part,
    headers: {
      'x-amz-mp-parts-count': part && object.parts.length > 0 ? String(object.parts.length) : undefined,
      ...(hasChecksum && {
        ...(part?.checksums ?? object.checksums),
        'x-amz-checksum-type': typeOfChecksums(object.checksums),
      }),
    },
    refuse: (reason) => new S3Error(reason),
  });
}

/** "DeleteObject": 204 even if there is no object. */
export async function deleteObject(exchange: S3Exchange): Promise<Reply> {
  // Ceph deletes whatever the conditions say.
  if (exchange.settings.dialect !== 'ceph') checkConditions(exchange);
  const { context, bucket, key } = exchange;
  const isThere = context.store.findObject(bucket, key) !== undefined;
  await context.store.deleteObject(bucket, key);
  setPublic(exchange, false);
  if (isThere) announceObject(exchange, 'ObjectRemoved:Delete');
  return { status: 204 };
}

/** Of `x-amz-acl`, only whether the object is public is kept. */
export function isPublicAcl({ request, settings }: S3Exchange): boolean {
  const acl = request.header('x-amz-acl');
  if (acl === '' && settings.dialect === 'ceph') return false;
  if (acl !== undefined && !(cannedAcls as readonly string[]).includes(acl))
    throw new S3Error('InvalidArgument', { details: { ArgumentName: 'x-amz-acl' } });
  return acl?.startsWith('public-read') === true;
}

export function setPublic(exchange: S3Exchange, isPublic: boolean): void {
  if (isPublic) exchange.memory.publicObjects.add(objectName(exchange));
  else exchange.memory.publicObjects.delete(objectName(exchange));
}

/** "Working with object metadata". */
export function describedBy({ request, settings }: S3Exchange): ObjectHeaders {
  const described = readObjectHeaders(request, {
    metadata: /^x-amz-meta-/i,
    defaultType: 'binary/octet-stream',
  });
  if (settings.dialect === 'ceph') return describedAsCeph(request, described);
  if (metadataBytes(described, 'x-amz-meta-') > maxMetadataBytes) throw new S3Error('MetadataTooLarge');
  const headers = Object.entries(described.headers).map(([name, value]) => [
    name,
    name.startsWith('x-amz-meta-') ? mailSafe(value) : value,
  ]);
  return { ...described, headers: Object.fromEntries(headers) as Record<string, string> };
}

/**
 * "Working with object metadata": values beyond ASCII are returned as encoded words of RFC 2047. By the example there,
 * each byte that was sent counts as one character.
 */
function mailSafe(value: string): string {
  if (!/[^\x00-\x7f]/.test(value)) return value;
  const bytes = Buffer.from(value).toString('latin1');
  return `=?UTF-8?B?${Buffer.from(bytes).toString('base64')}?=`;
}

/**
 * "Conditional requests", for PutObject, CompleteMultipartUpload and DeleteObject. S3 takes `If-None-Match` with `*`
 * only.
 */
export function checkConditions(exchange: S3Exchange): void {
  const { context, request, bucket, key, settings } = exchange;
  const ifNoneMatch = request.header('if-none-match');
  if (settings.dialect === 'aws' && ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*')
    throw new S3Error('NotImplemented');
  refuseConditions(exchange, ['if-modified-since', 'if-unmodified-since']);
  const current = context.store.findObject(bucket, key);
  if (settings.dialect === 'ceph') return checkWriteAsCeph(request, current);
  const outcome = checkWriteConditions(
    request,
    current && { etag: objectETag(exchange, current), modifiedAt: current.modifiedAt },
  );
  if (outcome === 'missing') throw new S3Error('NoSuchKey');
  if (outcome !== 'met') throw new S3Error('PreconditionFailed');
}

/** Conditions that S3 does not support for this operation. Ceph ignores them. */
export function refuseConditions({ request, settings }: S3Exchange, names = conditionalHeaders): void {
  if (settings.dialect === 'aws' && names.some((name) => request.header(name) !== undefined))
    throw new S3Error('NotImplemented');
}

export function objectETag({ settings }: S3Exchange, { etag }: StoredObject): string {
  return quote(shownETag(etag.replaceAll('"', ''), settings));
}

/** `partNumber` of GET and HEAD: the bytes of that part; an object of a single PUT is its part 1. */
function requestedPart(
  { request }: S3Exchange,
  object: StoredObject,
): { start: number; end: number; checksums: Readonly<Record<string, string>> } | undefined {
  const text = firstValue(request.query, 'partNumber');
  if (text === undefined) return undefined;
  if (request.header('range') !== undefined)
    throw new S3Error('InvalidRequest', {
      message: 'Cannot specify both Range header and partNumber query parameter',
    });
  const { sizeBytes, checksums } = object;
  const parts = object.parts.length > 0 ? object.parts : [{ partNumber: 1, sizeBytes, checksums }];
  const index = parts.findIndex((part) => String(part.partNumber) === text);
  const part = parts[index];
  if (!part) throw new S3Error('InvalidPartNumber');
  const start = parts.slice(0, index).reduce((sum, one) => sum + one.sizeBytes, 0);
  return { start, end: start + part.sizeBytes, checksums: part.checksums };
}

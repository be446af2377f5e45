import { createHash } from 'node:crypto';
import { maxPutBytes } from '../../../vendors/tencent-vod.js';
import type { Reply, ReplyHeaders } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { readObjectHeaders } from '../../object-api/object-headers.js';
import * as api from '../../object-api/serve.js';
import type { SandboxSettings } from '../../options.js';
import { quote, type ObjectHeaders, type StoredObject } from '../../store/object-store.js';
import { CosError } from './errors.js';
import type { CosExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** COS, "PUT Object". */
export async function putObject(exchange: CosExchange): Promise<Reply> {
  const { context, request, bucket, key, checksums } = exchange;
  forbidOverwrite(exchange);
  const bytes = await receiveBody(exchange, maxPutBytes);
  try {
    // Another request may have stored the object while the body was read.
    forbidOverwrite(exchange);
  } catch (error) {
    await context.store.discard(bytes);
    throw error;
  }
  const object = await context.store.putObject(bucket, key, bytes, describedBy(request));
  return { status: 200, headers: { ETag: object.etag, ...crcHeader(checksums.get(object.path)) } };
}

/** COS, "GET Object" and "HEAD Object". */
export function getObject({ context, request, bucket, key, checksums }: CosExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new CosError('NoSuchKey');
  const shown = { ...object, etag: shownETag(object, context.settings) };
  return serveObject(shown, request, crcHeader(checksums.get(object.path)));
}

/** `x-cos-forbid-overwrite`: for PUT and complete requests. */
export function forbidOverwrite({ context, request, bucket, key }: CosExchange): void {
  const { cosForbidOverwrite: answer } = context.settings;
  const isForbidden = request.header('x-cos-forbid-overwrite')?.toLowerCase() === 'true';
  if (!isForbidden || answer === 'ignored' || !context.store.findObject(bucket, key)) return;
  throw new CosError(answer === 409 ? 'FileAlreadyExists' : 'PreconditionFailed');
}

export function describedBy(request: SandboxRequest): ObjectHeaders {
  return readObjectHeaders(request, { metadata: /^x-cos-meta-/i, defaultType: 'application/octet-stream' });
}

export function crcHeader(crc: string | undefined): ReplyHeaders {
  return { 'x-cos-hash-crc64ecma': crc };
}

/** The documentation only says that the ETag of a multipart object is not the MD5. */
export function shownETag(
  { etag, uploadId, parts }: StoredObject,
  { cosJoinedETag }: SandboxSettings,
): string {
  if (uploadId === undefined || cosJoinedETag === 'composite') return etag;
  return quote(`${createHash('md5').update(uploadId).digest('hex')}-${parts.length}`);
}

/** Answers the object or a range of it; also used for play addresses. */
export function serveObject(
  object: StoredObject,
  request: SandboxRequest,
  headers: ReplyHeaders = {},
): Reply {
  const refuse = (reason: api.ReadRefusal): CosError => new CosError(reason);
  return api.serveObject(object, request, { etag: object.etag, headers, refuse });
}

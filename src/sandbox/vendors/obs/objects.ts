import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { readObjectHeaders } from '../../object-api/object-headers.js';
import * as api from '../../object-api/serve.js';
import type { ObjectHeaders, StoredObject } from '../../store/object-store.js';
import { ObsError } from './errors.js';
import type { ObsExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** OBS API reference, "PUT Object". */
export async function putObject(exchange: ObsExchange): Promise<Reply> {
  const { context, request, bucket, key } = exchange;
  forbidOverwrite(exchange);
  const bytes = await receiveBody(exchange, exchange.maxPutBytes);
  try {
    // Another request may have stored the object while the body was read.
    forbidOverwrite(exchange);
  } catch (error) {
    await context.store.discard(bytes);
    throw error;
  }
  const object = await context.store.putObject(bucket, key, bytes, describedBy(request));
  return { status: 200, headers: { ETag: object.etag } };
}

/** `ForbidOverwrite` of the vendor's SDKs, at PUT and complete, in either dialect. */
export function forbidOverwrite({ context, request, bucket, key }: ObsExchange): void {
  const isForbidden = ['obs', 'amz'].some(
    (prefix) => request.header(`x-${prefix}-forbid-overwrite`)?.toLowerCase() === 'true',
  );
  if (isForbidden && context.store.findObject(bucket, key)) throw new ObsError('ObjectAlreadyExists');
}

/** OBS API reference, "GET Object" and "HEAD Object". */
export function getObject({ context, request, bucket, key }: ObsExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new ObsError('NoSuchKey');
  return serveObject(object, request);
}

/** OBS API reference, "DELETE Object": 204 even if there is no object. */
export async function deleteObject({ context, bucket, key }: ObsExchange): Promise<Reply> {
  await context.store.deleteObject(bucket, key);
  return { status: 204 };
}

/** Metadata has the prefix of either dialect. */
export function describedBy(request: SandboxRequest): ObjectHeaders {
  return readObjectHeaders(request, { metadata: /^x-(obs|amz)-meta-/i, defaultType: 'binary/octet-stream' });
}

/** Answers the object or a range of it; also used for play addresses. */
export function serveObject(object: StoredObject, request: SandboxRequest): Reply {
  return api.serveObject(object, request, {
    etag: object.etag,
    headers: { 'x-obs-uploadId': object.uploadId },
    refuse: (reason) => new ObsError(reason),
  });
}

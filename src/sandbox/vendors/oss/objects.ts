import { putMaxBytes } from '../../../vendors/alibaba-vod.js';
import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import { readObjectHeaders } from '../../object-api/object-headers.js';
import * as api from '../../object-api/serve.js';
import type { ObjectHeaders, StoredObject } from '../../store/object-store.js';
import { OssError } from './errors.js';
import type { OssExchange } from './exchange.js';
import { receiveBody } from './receive-body.js';

/** OSS API reference, "PutObject". */
export async function putObject(exchange: OssExchange): Promise<Reply> {
  const { context, request, bucket, key, effect, policy } = exchange;
  forbidOverwrite(exchange);
  const bytes = await receiveBody(exchange, putMaxBytes);
  try {
    // Another request may have stored the object while the body was read.
    forbidOverwrite(exchange);
  } catch (error) {
    await context.store.discard(bytes);
    throw error;
  }
  const object = await context.store.putObject(bucket, key, bytes, describedBy(request));
  policy.onStored(object, effect);
  return { status: 200, headers: { ETag: object.etag.toUpperCase(), 'Content-MD5': base64(object.md5Hex) } };
}

/** OSS API reference, "GetObject" and "HeadObject". */
export function getObject({ context, request, bucket, key }: OssExchange): Reply {
  const object = context.store.findObject(bucket, key);
  if (!object) throw new OssError('NoSuchKey', { details: { Key: key } });
  return serveObject(object, request);
}

/** OSS API reference, "DeleteObject": 204 even if there is no object. */
export async function deleteObject({ context, bucket, key }: OssExchange): Promise<Reply> {
  await context.store.deleteObject(bucket, key);
  return { status: 204 };
}

/** OSS API reference, "PutObject", `x-oss-forbid-overwrite`: also valid for initiate and complete. */
export function forbidOverwrite({ context, request, bucket, key }: OssExchange): void {
  const isForbidden = request.header('x-oss-forbid-overwrite')?.toLowerCase() === 'true';
  if (isForbidden && context.store.findObject(bucket, key)) throw new OssError('FileAlreadyExists');
}

export function describedBy(request: SandboxRequest): ObjectHeaders {
  return readObjectHeaders(request, { metadata: /^x-oss-meta-/i, defaultType: 'application/octet-stream' });
}

/** Answers the object or a range of it; also used for play addresses. */
export function serveObject(object: StoredObject, request: SandboxRequest): Reply {
  const isMultipart = object.uploadId !== undefined;
  return api.serveObject(object, request, {
    etag: object.etag.toUpperCase(),
    headers: {
      'x-oss-object-type': isMultipart ? 'Multipart' : 'Normal',
      'Content-MD5': isMultipart ? undefined : base64(object.md5Hex),
    },
    refuse: (reason) => new OssError(reason),
  });
}

export function base64(md5Hex: string): string {
  return Buffer.from(md5Hex, 'hex').toString('base64');
}

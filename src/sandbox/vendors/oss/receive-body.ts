import { createHash } from 'node:crypto';
import { readAll, textOf } from '../../http/body.js';
import type { StoredBytes } from '../../store/receive.js';
import { OssError } from './errors.js';
import type { OssExchange } from './exchange.js';

/** Stores an upload's body and checks it against Content-Length and Content-MD5 ("PutObject", request headers). */
export async function receiveBody({ context, request }: OssExchange, maxBytes: number): Promise<StoredBytes> {
  if (request.contentLength === undefined && !request.isChunked) throw new OssError('MissingContentLength');
  if ((request.contentLength ?? 0) > maxBytes) throw new OssError('EntityTooLarge');
  const expected = expectedMd5(request.header('content-md5'));
  const bytes = await context.store.receive(request.body);
  if (expected === undefined || expected === bytes.md5Hex) return bytes;
  await context.store.discard(bytes);
  throw new OssError('InvalidDigest', { details: { EC: '0017-00000503' } });
}

/** Reads a small body into memory and checks its digest. */
export async function receiveText({ request }: OssExchange, maxBytes: number): Promise<string> {
  const expected = expectedMd5(request.header('content-md5'));
  const body = await readAll(request.body, maxBytes);
  if (expected !== undefined && expected !== createHash('md5').update(body).digest('hex'))
    throw new OssError('InvalidDigest', { details: { EC: '0017-00000503' } });
  return textOf(body);
}

/** Base64 of 16 bytes; anything else is refused before the body is read. */
function expectedMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header))
    throw new OssError('InvalidDigest', { details: { EC: '0017-00000502' } });
  return Buffer.from(header, 'base64').toString('hex');
}

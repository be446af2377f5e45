import { createHash } from 'node:crypto';
import { readAll, textOf } from '../../http/body.js';
import type { StoredBytes } from '../../store/receive.js';
import { ObsError } from './errors.js';
import type { ObsExchange } from './exchange.js';

/** Stores an upload's body and checks it against Content-Length and Content-MD5 ("PUT Object", table 2). */
export async function receiveBody({ context, request }: ObsExchange, maxBytes: number): Promise<StoredBytes> {
  if (request.isChunked || request.contentLength === undefined) throw new ObsError('MissingContentLength');
  if (request.contentLength > maxBytes) throw new ObsError('EntityTooLarge');
  const expected = expectedMd5(request.header('content-md5'));
  const bytes = await context.store.receive(request.body);
  if (expected !== undefined && expected !== bytes.md5Hex) {
    await context.store.discard(bytes);
    throw new ObsError('BadDigest');
  }
  return bytes;
}

/** Reads a small body into memory and checks its digest. */
export async function receiveText({ request }: ObsExchange, maxBytes: number): Promise<string> {
  const expected = expectedMd5(request.header('content-md5'));
  const body = await readAll(request.body, maxBytes);
  if (expected !== undefined && expected !== createHash('md5').update(body).digest('hex'))
    throw new ObsError('BadDigest');
  return textOf(body);
}

/** Base64 of 16 bytes; anything else is refused before the body is read. */
function expectedMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header)) throw new ObsError('InvalidDigest');
  return Buffer.from(header, 'base64').toString('hex');
}

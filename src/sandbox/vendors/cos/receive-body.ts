import { createHash } from 'node:crypto';
import { readAll, textOf } from '../../http/body.js';
import type { StoredBytes } from '../../store/receive.js';
import { countCrc64, createCrc64 } from './crc64.js';
import { CosError } from './errors.js';
import type { CosExchange } from './exchange.js';

/** Stores an upload's body and checks it against Content-Length and Content-MD5 ("PUT Object", "Upload Part"). */
export async function receiveBody(
  { context, request, checksums }: CosExchange,
  maxBytes: number,
): Promise<StoredBytes> {
  if (request.isChunked || request.contentLength === undefined) throw new CosError('MissingContentLength');
  if (request.contentLength > maxBytes) throw new CosError('EntityTooLarge');
  const expected = expectedMd5(request.header('content-md5'));
  const crc = await createCrc64();
  const bytes = await context.store.receive(countCrc64(request.body, crc));
  if (expected !== undefined && expected !== bytes.md5Hex) {
    await context.store.discard(bytes);
    throw new CosError('BadDigest');
  }
  checksums.set(bytes.path, crc.decimal());
  return bytes;
}

/** Reads a small body into memory and checks its digest. */
export async function receiveText({ request }: CosExchange, maxBytes: number): Promise<string> {
  const expected = expectedMd5(request.header('content-md5'));
  const body = await readAll(request.body, maxBytes);
  if (expected !== undefined && expected !== createHash('md5').update(body).digest('hex'))
    throw new CosError('BadDigest');
  return textOf(body);
}

/** Base64 of 16 bytes; anything else is refused before the body is read. */
function expectedMd5(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header)) throw new CosError('InvalidDigest');
  return Buffer.from(header, 'base64').toString('hex');
}

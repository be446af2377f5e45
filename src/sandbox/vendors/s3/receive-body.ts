import { createHash } from 'node:crypto';
import { readAll, textOf } from '../../http/body.js';
import type { StoredBytes } from '../../store/receive.js';
import { announcedChecksum, type AnnouncedChecksum, type UploadChecksum } from './checksums.js';
import { decodeChunks } from './chunked.js';
import { S3Error } from './errors.js';
import type { S3Exchange } from './exchange.js';

/** A stored body and the checksum that the answer repeats. */
export interface ReceivedBody {
  bytes: StoredBytes;
  headers: Record<string, string>;
}

/** Stores a body and checks it against its length, digests and checksums ("PutObject", "UploadPart"). */
export async function receiveBody(
  exchange: S3Exchange,
  maxBytes: number,
  upload?: UploadChecksum,
): Promise<ReceivedBody> {
  const { context, request } = exchange;
  const isChunked = exchange.payloadHash.startsWith('STREAMING-');
  const announced = isChunked
    ? Number(request.header('x-amz-decoded-content-length') ?? NaN)
    : request.contentLength;
  if (announced === undefined || Number.isNaN(announced)) throw new S3Error('MissingContentLength');
  if (announced > maxBytes) throw new S3Error('EntityTooLarge');
  const md5 = expectedMd5(request.header('content-md5'));
  // The RADOS Gateway knows no checksums besides the MD5 and the signed SHA-256.
  const isKnown = exchange.settings.dialect === 'aws';
  const checksum = isKnown ? await announcedChecksum(request.header, upload) : undefined;
  const sha256 = createHash('sha256');
  const trailers = new Map<string, string>();
  const bytes = await context.store.receive(
    tapped(payload(exchange, trailers), (chunk) => {
      if (!isChunked) sha256.update(chunk);
      checksum?.digest.update(chunk);
    }),
  );
  try {
    if (bytes.sizeBytes !== announced) throw new S3Error('IncompleteBody');
    if (/^[0-9a-f]{64}$/.test(exchange.payloadHash) && sha256.digest('hex') !== exchange.payloadHash)
      throw new S3Error('XAmzContentSHA256Mismatch');
    if (md5 !== undefined && md5 !== bytes.md5Hex) throw new S3Error('BadDigest');
    return { bytes, headers: checksum ? checkedChecksum(checksum, trailers) : {} };
  } catch (error) {
    await context.store.discard(bytes);
    throw error;
  }
}

function checkedChecksum(
  { name, isGiven, value, digest }: AnnouncedChecksum,
  trailers: ReadonlyMap<string, string>,
): Record<string, string> {
  const computed = digest.base64();
  if (isGiven && computed !== (value ?? trailers.get(name))) throw new S3Error('BadDigest');
  return { [name]: computed };
}

/** Reads a small body into memory and checks its hash. */
export async function receiveText({ request, payloadHash }: S3Exchange, maxBytes: number): Promise<string> {
  const body = await readAll(request.body, maxBytes);
  if (/^[0-9a-f]{64}$/.test(payloadHash) && createHash('sha256').update(body).digest('hex') !== payloadHash)
    throw new S3Error('XAmzContentSHA256Mismatch');
  return textOf(body);
}

function payload(
  { request, payloadHash, chunks, settings }: S3Exchange,
  trailers: Map<string, string>,
): AsyncIterable<Buffer> {
  switch (payloadHash) {
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return decodeChunks(request.body, chunks, trailers);
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      // Ceph 16 takes this for a digest.
      if (settings.dialect === 'ceph') throw new S3Error('XAmzContentSHA256Mismatch');
      return decodeChunks(request.body, undefined, trailers);
    default:
      if (payloadHash.startsWith('STREAMING-'))
        throw new S3Error('NotImplemented', { message: `The sandbox does not take ${payloadHash}.` });
      return request.body;
  }
}

async function* tapped(source: AsyncIterable<Buffer>, tap: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    tap(chunk);
    yield chunk;
  }
}

/** Base64 of 16 bytes; anything else is refused before the body is read. */
function expectedMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header)) throw new S3Error('InvalidDigest');
  return Buffer.from(header, 'base64').toString('hex');
}

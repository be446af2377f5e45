import { createHash, randomBytes } from 'node:crypto';
import type { Capabilities, SentPart, SignedRequest, Transfer } from '../protocol/index.js';
import { Trouble, troubleOfFetch } from './trouble.js';

/** A file of random bytes: nothing in it tells where it is from. */
export interface TestFile {
  readonly bytes: Buffer;
  readonly name: string;
  readonly contentType: string;
}

export interface TestPart extends Required<SentPart> {
  readonly bytes: Buffer;
}

/** How long one request to a store may take. */
const timeoutMs = 60_000;
const smallFileBytes = 1024;
/** The largest smallest part that a service asks for is 20 MB. */
const maxFileBytes = 128 * 1024 * 1024;
const maxParts = 10_000;

/** Throws `Trouble` for a size that no service asks for. */
export function testFile(sizeBytes: number, { extensions }: Pick<Capabilities, 'extensions'>): TestFile {
  if (!(sizeBytes > 0 && sizeBytes <= maxFileBytes))
    throw new Trouble(
      `By its capabilities, a file in parts has ${sizeBytes} bytes at least: that is not tried.`,
    );
  const extension = !extensions || extensions.includes('mp4') ? 'mp4' : (extensions[0] ?? 'mp4');
  return {
    bytes: randomBytes(sizeBytes),
    name: `vodrop-test.${extension}`,
    contentType: extension === 'mp4' ? 'video/mp4' : '',
  };
}

/** Sizes that go in one request and in parts, as far as the provider has both. */
export function testSizes({ singlePutMaxBytes, parts }: Capabilities): {
  single?: number;
  multipart?: number;
} {
  return {
    single: singlePutMaxBytes > 0 ? Math.min(smallFileBytes, singlePutMaxBytes) : undefined,
    multipart: parts
      ? Math.max(singlePutMaxBytes + 1, 2 * parts.minSizeBytes + 1, smallFileBytes)
      : undefined,
  };
}

export function startItem({ bytes, name, contentType }: TestFile, clientId: string) {
  return {
    clientId,
    fileName: name,
    sizeBytes: bytes.length,
    contentType,
    md5Base64: md5Base64(bytes),
  };
}

/** The parts of the file by the transfer's plan. Throws `Trouble` for one that no file can be sent by. */
export function partsOf({ bytes }: TestFile, transfer: Transfer): TestPart[] {
  const size =
    transfer.kind === 'single' ? bytes.length : (transfer.partSizeBytes ?? transfer.minPartSizeBytes);
  const count = Math.ceil(bytes.length / size);
  if (!(count > 0 && count <= maxParts))
    throw new Trouble(
      `By the plan of the transfer, ${bytes.length} bytes go in parts of ${size}: that is not tried.`,
    );
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    return { partNumber: i + 1, sizeBytes: part.length, md5Base64: md5Base64(part), bytes: part };
  });
}

export function withoutBytes({ partNumber, sizeBytes, md5Base64 }: TestPart): Required<SentPart> {
  return { partNumber, sizeBytes, md5Base64 };
}

/** Sends one part as a page of the origin would. Throws `Trouble` where the store does not answer. */
export async function sendPart(
  { method, url, headers, fallbackHeaders }: SignedRequest,
  bytes: Buffer,
  origin?: string,
): Promise<Response> {
  const send = (sent: Readonly<Record<string, string>>) =>
    fetch(url, {
      method,
      headers: origin === undefined ? sent : { ...sent, Origin: origin },
      body: new Uint8Array(bytes),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  try {
    const response = await send(headers);
    return response.status === 403 && fallbackHeaders ? await send(fallbackHeaders) : response;
  } catch (error) {
    throw troubleOfFetch(error, 'The store', timeoutMs);
  }
}

function md5Base64(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

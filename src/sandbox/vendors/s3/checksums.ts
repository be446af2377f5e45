import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { StoredBytes } from '../../store/receive.js';
import type { StoredPart } from '../../store/object-store.js';
import { S3Error } from './errors.js';

/** "Checking object integrity": the checksums that are emulated. Base64 of the big-endian digest. */
const algorithms = {
  'x-amz-checksum-crc32': () => crc32Digest(),
  'x-amz-checksum-sha1': () => hashDigest('sha1'),
  'x-amz-checksum-sha256': () => hashDigest('sha256'),
} as const;
export type ChecksumHeader = keyof typeof algorithms;

interface Digest {
  update(chunk: Uint8Array): void;
  base64(): string;
}

/** How a multipart upload was created: its checksum is of the parts' checksums, or of the whole object. */
export interface UploadChecksum {
  header: ChecksumHeader;
  type: 'COMPOSITE' | 'FULL_OBJECT';
}

const names = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map(
  (algorithm) => `x-amz-checksum-${algorithm}`,
);

/** Which checksum a request announces, in a header or in `x-amz-trailer`. */
export function announcedChecksum(
  header: (name: string) => string | undefined,
): { name: ChecksumHeader; digest: Digest } | undefined {
  const trailer = header('x-amz-trailer')?.toLowerCase();
  const name = names.find((one) => header(one) !== undefined || trailer === one);
  if (name === undefined) return undefined;
  const known = knownHeader(name);
  return { name: known, digest: algorithms[known]() };
}

/** `x-amz-checksum-algorithm` and `x-amz-checksum-type` of "CreateMultipartUpload". */
export function uploadChecksum(header: (name: string) => string | undefined): UploadChecksum | undefined {
  const algorithm = header('x-amz-checksum-algorithm');
  const type = header('x-amz-checksum-type') ?? 'COMPOSITE';
  if (algorithm === undefined) return undefined;
  const name = knownHeader(`x-amz-checksum-${algorithm.toLowerCase()}`);
  const isKnownType = type === 'COMPOSITE' || (type === 'FULL_OBJECT' && name === 'x-amz-checksum-crc32');
  if (!isKnownType)
    throw new S3Error('InvalidRequest', {
      message: `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    });
  return { header: name, type };
}

/** Name of the checksum in XML, such as `ChecksumSHA256`. */
export function elementOf(header: ChecksumHeader): string {
  return `Checksum${header.slice('x-amz-checksum-'.length).toUpperCase()}`;
}

/** Checksum of the whole object, from its parts or its bytes. */
export async function objectChecksum(
  { header, type }: UploadChecksum,
  parts: readonly StoredPart[],
  bytes: StoredBytes,
): Promise<string> {
  const digest = algorithms[header]();
  if (type === 'FULL_OBJECT') {
    for await (const chunk of bytes.read(0, bytes.sizeBytes)) digest.update(chunk);
    return digest.base64();
  }
  for (const part of parts) digest.update(Buffer.from(part.checksums[header] ?? '', 'base64'));
  return `${digest.base64()}-${parts.length}`;
}

function knownHeader(name: string): ChecksumHeader {
  if (Object.hasOwn(algorithms, name)) return name as ChecksumHeader;
  throw new S3Error('NotImplemented', { message: `The sandbox does not verify ${name}.` });
}

function crc32Digest(): Digest {
  let value = 0;
  return {
    update: (chunk) => (value = crc32(chunk, value)),
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

function hashDigest(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: (chunk) => hash.update(chunk), base64: () => hash.digest('base64') };
}

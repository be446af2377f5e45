import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './errors.js';

/** "Checking object integrity": the checksums that are verified here. Base64 of the big-endian digest. */
const algorithms = {
  'x-amz-checksum-crc32': () => crc32Digest(),
  'x-amz-checksum-sha1': () => hashDigest('sha1'),
  'x-amz-checksum-sha256': () => hashDigest('sha256'),
} as const;
type ChecksumHeader = keyof typeof algorithms;

interface Digest {
  update(chunk: Uint8Array): void;
  base64(): string;
}

/** Which checksum a request announces, in a header or in `x-amz-trailer`. */
export function announcedChecksum(
  header: (name: string) => string | undefined,
): { name: ChecksumHeader; digest: Digest } | undefined {
  const trailer = header('x-amz-trailer')?.toLowerCase();
  const names = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map(
    (algorithm) => `x-amz-checksum-${algorithm}`,
  );
  const name = names.find((one) => header(one) !== undefined || trailer === one);
  if (name === undefined) return undefined;
  if (!isKnown(name))
    throw new S3Error('NotImplemented', { message: `The sandbox does not verify ${name}.` });
  return { name, digest: algorithms[name]() };
}

function isKnown(name: string): name is ChecksumHeader {
  return Object.hasOwn(algorithms, name);
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

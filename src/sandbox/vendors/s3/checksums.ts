import { createCRC32, createCRC64, createSHA1, createSHA256, type IHasher } from 'hash-wasm';
import type { StoredBytes } from '../../store/receive.js';
import type { StoredPart } from '../../store/object-store.js';
import { S3Error } from './errors.js';

/** How a checksum of a multipart object is made: of the parts' checksums, or of the whole object. */
type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/**
 * "Checking object integrity": all checksums of S3, base64 of the big-endian digest, with the types that a multipart
 * upload can have, the default first.
 */
const algorithms: Readonly<
  Record<ChecksumHeader, { bytes: number; types: readonly ChecksumType[]; create: () => Promise<IHasher> }>
> = {
  'x-amz-checksum-crc32': { bytes: 4, types: ['COMPOSITE', 'FULL_OBJECT'], create: () => createCRC32() },
  'x-amz-checksum-crc32c': {
    bytes: 4,
    types: ['COMPOSITE', 'FULL_OBJECT'],
    // Castagnoli's polynomial, reversed.
    create: () => createCRC32(0x82f63b78),
  },
  'x-amz-checksum-crc64nvme': {
    bytes: 8,
    types: ['FULL_OBJECT'],
    create: () => createCRC64('9a6c9329ac4bc9b5'),
  },
  'x-amz-checksum-sha1': { bytes: 20, types: ['COMPOSITE'], create: () => createSHA1() },
  'x-amz-checksum-sha256': { bytes: 32, types: ['COMPOSITE'], create: () => createSHA256() },
};
export type ChecksumHeader = `x-amz-checksum-${'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256'}`;

interface Digest {
  update(chunk: Uint8Array): void;
  base64(): string;
}

/** How a multipart upload was created. */
export interface UploadChecksum {
  header: ChecksumHeader;
  type: ChecksumType;
}

export interface AnnouncedChecksum {
  name: ChecksumHeader;
  /** Whether the request has its value, in a header or a trailer. */
  isGiven: boolean;
  value: string | undefined;
  digest: Digest;
}

type Header = (name: string) => string | undefined;

/**
 * Which checksum a request announces, in a header or in `x-amz-trailer`. A part must have that of its upload; of one that
 * makes up a checksum of the whole object it may be missing, and is computed.
 */
export async function announcedChecksum(
  header: Header,
  upload: UploadChecksum | undefined,
): Promise<AnnouncedChecksum | undefined> {
  const trailer = header('x-amz-trailer')?.toLowerCase();
  const names = checksumHeaders.filter((one) => header(one) !== undefined || trailer === one);
  const [name] = names;
  if (names.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  if (trailer !== undefined && trailer !== name)
    throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
  const announced = header('x-amz-sdk-checksum-algorithm');
  if (announced !== undefined && name !== headerOf(announced))
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  if (upload && name !== upload.header && (name !== undefined || upload.type === 'COMPOSITE'))
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithmOf(upload.header).toLowerCase()}, actual checksum Type: ${name === undefined ? 'null' : algorithmOf(name).toLowerCase()}`,
    );
  const wanted = name ?? upload?.header;
  if (wanted === undefined) return undefined;
  const value = header(wanted);
  if (value !== undefined && !isValid(wanted, value))
    throw invalidRequest(`Value for ${wanted} header is invalid.`);
  return { name: wanted, isGiven: name !== undefined, value, digest: await digestOf(wanted) };
}

/** `x-amz-checksum-algorithm` and `x-amz-checksum-type` of "CreateMultipartUpload". */
export function uploadChecksum(header: Header): UploadChecksum | undefined {
  const algorithm = header('x-amz-checksum-algorithm');
  const type = header('x-amz-checksum-type');
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const name = headerOf(algorithm);
  if (name === undefined)
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  const { types } = algorithms[name];
  const chosen = type === undefined ? types[0] : types.find((one) => one === type.toUpperCase());
  if (chosen === undefined)
    throw invalidRequest(
      `The ${type ?? ''} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { header: name, type: chosen };
}

/** Checksum headers of "CompleteMultipartUpload": those of the upload only. */
export function checkCompleteHeaders(header: Header, upload: UploadChecksum | undefined): void {
  const type = header('x-amz-checksum-type')?.toUpperCase();
  if (type !== undefined && type !== upload?.type)
    throw invalidRequest(
      `The upload was created using the ${upload?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  const other = checksumHeaders.find((one) => header(one) !== undefined && one !== upload?.header);
  if (other !== undefined)
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload ? algorithmOf(upload.header).toLowerCase() : 'null'}, actual checksum Type: ${algorithmOf(other).toLowerCase()}`,
    );
}

/** Name of the checksum in XML, such as `ChecksumSHA256`. */
export function elementOf(header: ChecksumHeader): string {
  return `Checksum${algorithmOf(header)}`;
}

/** Name of the algorithm, such as `SHA256`. */
export function algorithmOf(header: ChecksumHeader): string {
  return header.slice('x-amz-checksum-'.length).toUpperCase();
}

/** Checksums as elements of XML. */
export function checksumFields(checksums: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checksums).map(([header, value]) => [elementOf(header as ChecksumHeader), value]),
  );
}

/** The type of a stored object's checksum; composite ones end with the number of parts. */
export function typeOfChecksums(checksums: Readonly<Record<string, string>>): ChecksumType | undefined {
  const [value] = Object.values(checksums);
  return value === undefined ? undefined : value.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT';
}

/** Algorithm and type of a stored object's checksum, as lists have them. */
export function checksumKind(
  checksums: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const [header] = Object.keys(checksums);
  return {
    ChecksumAlgorithm: header === undefined ? undefined : algorithmOf(header as ChecksumHeader),
    ChecksumType: typeOfChecksums(checksums),
  };
}

/** Checksum of the whole object, from its parts or its bytes. */
export async function objectChecksum(
  { header, type }: UploadChecksum,
  parts: readonly StoredPart[],
  bytes: StoredBytes,
): Promise<string> {
  const digest = await digestOf(header);
  if (type === 'FULL_OBJECT') {
    for await (const chunk of bytes.read(0, bytes.sizeBytes)) digest.update(chunk);
    return digest.base64();
  }
  for (const part of parts) digest.update(Buffer.from(part.checksums[header] ?? '', 'base64'));
  return `${digest.base64()}-${parts.length}`;
}

const checksumHeaders = Object.keys(algorithms) as ChecksumHeader[];

function headerOf(algorithm: string): ChecksumHeader | undefined {
  return checksumHeaders.find((one) => algorithmOf(one) === algorithm.toUpperCase());
}

function isValid(name: ChecksumHeader, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === algorithms[name].bytes && bytes.toString('base64') === value;
}

async function digestOf(header: ChecksumHeader): Promise<Digest> {
  const hasher = await algorithms[header].create();
  return {
    update: (chunk) => void hasher.update(chunk),
    base64: () => Buffer.from(hasher.digest('hex'), 'hex').toString('base64'),
  };
}

function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', { message });
}

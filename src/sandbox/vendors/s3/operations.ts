import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type S3Operation =
  | Exclude<ObjectOperation, 'InitiateMultipartUpload'>
  | 'CreateMultipartUpload'
  | 'GetBucketLifecycleConfiguration'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'HeadBucket'
  | 'ListMultipartUploads'
  | 'ListObjects'
  | 'ListObjectsV2';

const queryNames = [
  'uploads',
  'uploadId',
  'partNumber',
  'max-parts',
  'part-number-marker',
  'encoding-type',
  'prefix',
  'delimiter',
  'max-uploads',
  'key-marker',
  'upload-id-marker',
  'list-type',
  'max-keys',
  'continuation-token',
  'start-after',
  'fetch-owner',
  'marker',
  'location',
  'lifecycle',
  'versioning',
  'response-(content-(type|language|disposition|encoding)|cache-control|expires)',
];

/** S3 ignores parameters that begin with `x-`; the SDKs send `x-id`. Those of headers are read as headers: {@link hoisted}. */
const known: KnownNames = {
  query: new RegExp(`^(${queryNames.join('|')}|[xX]-.*)$`),
  vendorHeaders: /^x-amz-/,
  headers:
    /^x-amz-(date|content-sha256|security-token|acl|meta-.*|user-agent|checksum-(?:crc32|crc32c|crc64nvme|sha1|sha256|mode|algorithm|type)|sdk-checksum-algorithm|trailer|decoded-content-length|mp-object-size|storage-class|te)$/,
};

/** Undefined: not emulated. */
export function operationOf(
  request: SandboxRequest,
  { bucket, key }: { bucket: string; key: string },
): S3Operation | undefined {
  if (bucket === '' || unknownName(request, known) !== undefined) return undefined;
  if ((request.header('x-amz-storage-class') ?? 'STANDARD') !== 'STANDARD') return undefined;
  if (key === '') return bucketOperation(request);
  const operation = objectOperation(request);
  return operation === 'InitiateMultipartUpload' ? 'CreateMultipartUpload' : operation;
}

function bucketOperation({ method, query }: SandboxRequest): S3Operation | undefined {
  if (method === 'HEAD') return 'HeadBucket';
  if (method !== 'GET') return undefined;
  if (firstValue(query, 'uploads') !== undefined) return 'ListMultipartUploads';
  if (firstValue(query, 'lifecycle') !== undefined) return 'GetBucketLifecycleConfiguration';
  if (firstValue(query, 'location') !== undefined) return 'GetBucketLocation';
  if (firstValue(query, 'versioning') !== undefined) return 'GetBucketVersioning';
  return firstValue(query, 'list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

/**
 * Parameters of a presigned URL that stand for no header: those of the signature, and checksums, which S3 ignores there
 * ("Presigned URLs"); the SDK for JavaScript names that of no bytes. All others that begin with `x-amz-` do.
 */
const notHoisted =
  /^x-amz-(algorithm|credential|date|expires|signature|signedheaders|security-token|content-sha256|checksum-.*|sdk-checksum-algorithm)$/;

/**
 * The request with the headers that a presigned URL has in its query, where the SDKs put them. Ceph reads metadata only
 * there.
 */
export function hoisted(request: SandboxRequest, dialect: 'aws' | 'ceph'): SandboxRequest {
  const isHeader = (name: string): boolean =>
    name.startsWith(dialect === 'ceph' ? 'x-amz-meta-' : 'x-amz-') && !notHoisted.test(name);
  const pairs = request.query
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => isHeader(name) && request.header(name) === undefined);
  if (pairs.length === 0) return request;
  const values = new Map(pairs);
  return {
    ...request,
    header: (name) => request.header(name) ?? values.get(name.toLowerCase()),
    headerNames: [...request.headerNames, ...values.keys()],
  };
}

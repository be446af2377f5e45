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
];

/** S3 ignores parameters that begin with `x-`; the SDKs send `x-id`. */
const known: KnownNames = {
  query: new RegExp(`^(${queryNames.join('|')}|response-.*|x-.*)$`, 'i'),
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
  return firstValue(query, 'list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';

export type OssOperation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/** Sub-resources of operations that the cloud has and the sandbox lacks. */
const foreign = new Set([
  'acl',
  'append',
  'bucketInfo',
  'callback',
  'callback-var',
  'delete',
  'location',
  'objectMeta',
  'position',
  'restore',
  'sequential',
  'stat',
  'symlink',
  'tagging',
  'versionId',
  'versioning',
  'versions',
  'x-oss-process',
]);
const foreignHeaders = [
  'x-oss-callback',
  'x-oss-copy-source',
  'x-oss-traffic-limit',
  'x-oss-server-side-encryption',
];

/** OSS never names the operation: it follows from the method and the sub-resources. Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): OssOperation | undefined {
  const has = (name: string): boolean => firstValue(request.query, name) !== undefined;
  if (
    key === '' ||
    request.query.some(([name]) => foreign.has(name)) ||
    foreignHeaders.some((name) => request.header(name) !== undefined)
  )
    return undefined;
  switch (request.method) {
    case 'PUT':
      return has('uploadId') || has('partNumber') ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (has('uploads')) return 'InitiateMultipartUpload';
      return has('uploadId') ? 'CompleteMultipartUpload' : undefined;
    case 'GET':
      return has('uploadId') ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'DELETE':
      return has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return undefined;
  }
}

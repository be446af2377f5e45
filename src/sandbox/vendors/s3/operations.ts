import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';

export type S3Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListMultipartUploads';

/** Sub-resources of what the sandbox lacks: they turn a request into another operation. */
const unknown = [
  'acl',
  'attributes',
  'cors',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'policy',
  'renameObject',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'versionId',
  'versioning',
  'versions',
  'website',
];

/** The operation follows from the method and the sub-resources. Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): S3Operation | undefined {
  const has = (name: string): boolean => firstValue(request.query, name) !== undefined;
  if (unknown.some(has)) return undefined;
  if (key === '') return request.method === 'GET' && has('uploads') ? 'ListMultipartUploads' : undefined;
  switch (request.method) {
    case 'PUT':
      if (request.header('x-amz-copy-source') !== undefined) return undefined;
      return has('uploadId') || has('partNumber') ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (has('uploads')) return 'CreateMultipartUpload';
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

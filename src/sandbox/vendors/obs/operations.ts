import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { isSubResource } from '../../verify/obs-sub-resources.js';

export type ObsOperation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'GetApiVersion';

/** Sub-resources that name no operation of their own, or one that is emulated. */
const known = new Set(['uploads', 'uploadId', 'partNumber', 'x-obs-security-token']);

/** OBS never names the operation: it follows from the method and the sub-resources. Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): ObsOperation | undefined {
  const has = (name: string): boolean => firstValue(request.query, name) !== undefined;
  if (key === '') return request.method === 'HEAD' && has('apiversion') ? 'GetApiVersion' : undefined;
  if (
    request.query.some(([name]) => isSubResource(name) && !known.has(name) && !name.startsWith('response-'))
  )
    return undefined;
  switch (request.method) {
    case 'PUT':
      if (
        request.header('x-obs-copy-source') !== undefined ||
        request.header('x-amz-copy-source') !== undefined
      )
        return undefined;
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

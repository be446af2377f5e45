import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';

export type CosOperation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/** Parameters that change how an operation goes; any other one asks for an operation that is not emulated. */
const known =
  /^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|prefix|delimiter|max-uploads|key-marker|upload-id-marker|x-cos-.*|q-.*|response-.*)$/i;

/** COS never names the operation: it follows from the method and the parameters. Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): CosOperation | undefined {
  const has = (name: string): boolean => firstValue(request.query, name) !== undefined;
  if (request.query.some(([name]) => !known.test(name))) return undefined;
  if (key === '') return request.method === 'GET' && has('uploads') ? 'ListMultipartUploads' : undefined;
  switch (request.method) {
    case 'PUT':
      if (request.header('x-cos-copy-source') !== undefined) return undefined;
      return has('uploadId') || has('partNumber') ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (has('uploads')) return 'InitiateMultipartUpload';
      return has('uploadId') ? 'CompleteMultipartUpload' : undefined;
    case 'GET':
      return has('uploadId') ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'DELETE':
      return has('uploadId') ? 'AbortMultipartUpload' : undefined;
    default:
      return undefined;
  }
}

import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { isConditional } from '../../object-api/conditions.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type CosOperation = Exclude<ObjectOperation, 'DeleteObject'> | 'ListMultipartUploads' | 'ListObjects';

const known: KnownNames = {
  query:
    /^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|prefix|delimiter|max-uploads|key-marker|upload-id-marker|x-cos-security-token|q-.*|response-.*|marker|max-keys)$/i,
  vendorHeaders: /^(x-cos-|x-ci-|pic-operations)/,
  headers: /^x-cos-(security-token|meta-.*|forbid-overwrite|hash-crc64ecma)$/,
};

/** Undefined: not emulated. Writes have no conditions besides `x-cos-forbid-overwrite`. */
export function operationOf(request: SandboxRequest, key: string): CosOperation | undefined {
  if (unknownName(request, known) !== undefined) return undefined;
  const isUploads = request.method === 'GET' && firstValue(request.query, 'uploads') !== undefined;
  if (key === '') return isUploads ? 'ListMultipartUploads' : bucketOperation(request);
  const isRead = ['GET', 'HEAD'].includes(request.method);
  if (isConditional(request) && !isRead) return undefined;
  const operation = objectOperation(request);
  return operation === 'DeleteObject' ? undefined : operation;
}

function bucketOperation(request: SandboxRequest): CosOperation | undefined {
  return request.method === 'GET' && !isConditional(request) ? 'ListObjects' : undefined;
}

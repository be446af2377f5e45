import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { isConditional } from '../../object-api/conditions.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type ObsOperation = ObjectOperation | 'GetApiVersion' | 'HeadBucket' | 'ListObjects';

const known: KnownNames = {
  query:
    /^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|response-.*|AccessKeyId|AWSAccessKeyId|Expires|Signature|x-(obs|amz)-security-token)$/,
  vendorHeaders: /^x-(obs|amz)-/,
  headers: /^x-(obs|amz)-(date|security-token|content-sha256|meta-.*|user-agent|forbid-overwrite)$/,
};

/** The same of a bucket. */
const knownOfBucket: KnownNames = {
  ...known,
  query:
    /^(prefix|delimiter|marker|max-keys|encoding-type|AccessKeyId|AWSAccessKeyId|Expires|Signature|x-(obs|amz)-security-token)$/,
};

/** Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): ObsOperation | undefined {
  if (key === '') return bucketOperation(request);
  const isRead = ['GET', 'HEAD'].includes(request.method);
  if (unknownName(request, known) !== undefined || (isConditional(request) && !isRead)) return undefined;
  return objectOperation(request);
}

function bucketOperation(request: SandboxRequest): ObsOperation | undefined {
  const { method, query } = request;
  if (method === 'HEAD' && firstValue(query, 'apiversion') !== undefined) return 'GetApiVersion';
  if (unknownName(request, knownOfBucket) !== undefined || isConditional(request)) return undefined;
  if (method === 'HEAD') return 'HeadBucket';
  return method === 'GET' ? 'ListObjects' : undefined;
}

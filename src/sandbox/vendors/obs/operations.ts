import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { isConditional } from '../../object-api/conditions.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type ObsOperation = ObjectOperation | 'GetApiVersion';

const known: KnownNames = {
  query:
    /^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|response-.*|AccessKeyId|AWSAccessKeyId|Expires|Signature|x-(obs|amz)-security-token)$/,
  vendorHeaders: /^x-(obs|amz)-/,
  headers: /^x-(obs|amz)-(date|security-token|content-sha256|meta-.*|user-agent)$/,
};

/** Undefined: not emulated. */
export function operationOf(request: SandboxRequest, key: string): ObsOperation | undefined {
  const isVersion = request.method === 'HEAD' && firstValue(request.query, 'apiversion') !== undefined;
  if (key === '') return isVersion ? 'GetApiVersion' : undefined;
  const isRead = ['GET', 'HEAD'].includes(request.method);
  if (unknownName(request, known) !== undefined || (isConditional(request) && !isRead)) return undefined;
  return objectOperation(request);
}

import type { SandboxRequest } from '../../http/request.js';
import { isConditional } from '../../object-api/conditions.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type OssOperation = ObjectOperation;

const known: KnownNames = {
  query:
    /^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|response-.*|OSSAccessKeyId|Expires|Signature|security-token|x-oss-(signature|signature-version|credential|date|expires|additional-headers|security-token))$/,
  vendorHeaders: /^x-oss-/,
  headers:
    /^x-oss-(date|security-token|content-sha256|forbid-overwrite|complete-all|meta-.*|user-agent|hash-crc64ecma)$/,
};

/** Undefined: not emulated. Writes have no conditions besides `x-oss-forbid-overwrite`. */
export function operationOf(request: SandboxRequest, key: string): OssOperation | undefined {
  if (key === '' || unknownName(request, known) !== undefined) return undefined;
  const isRead = ['GET', 'HEAD'].includes(request.method);
  return isConditional(request) && !isRead ? undefined : objectOperation(request);
}

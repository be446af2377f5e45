import { firstValue } from '../../http/encoding.js';
import type { SandboxRequest } from '../../http/request.js';
import { isConditional } from '../../object-api/conditions.js';
import {
  objectOperation,
  unknownName,
  type KnownNames,
  type ObjectOperation,
} from '../../object-api/operations.js';

export type OssOperation = ObjectOperation | 'ListObjects' | 'ListObjectsV2';

/** Parameters of a signature, presigned. */
const signature =
  'OSSAccessKeyId|Expires|Signature|security-token|x-oss-(signature|signature-version|credential|date|expires|additional-headers|security-token)';

const known: KnownNames = {
  query: new RegExp(
    `^(uploads|uploadId|partNumber|max-parts|part-number-marker|encoding-type|response-.*|${signature})$`,
  ),
  vendorHeaders: /^x-oss-/,
  // `x-oss-notification`: the vendor's uploader sends its user data to VOD with it, which no page documents. Not kept.
  headers:
    /^x-oss-(date|security-token|content-sha256|forbid-overwrite|complete-all|notification|meta-.*|user-agent|hash-crc64ecma)$/,
};

const knownOfBucket: KnownNames = {
  ...known,
  query: new RegExp(
    `^(prefix|delimiter|marker|max-keys|encoding-type|list-type|continuation-token|start-after|fetch-owner|${signature})$`,
  ),
};

/** Undefined: not emulated. Writes have no conditions besides `x-oss-forbid-overwrite`. */
export function operationOf(request: SandboxRequest, key: string): OssOperation | undefined {
  if (key === '') return bucketOperation(request);
  if (unknownName(request, known) !== undefined) return undefined;
  const isRead = ['GET', 'HEAD'].includes(request.method);
  return isConditional(request) && !isRead ? undefined : objectOperation(request);
}

function bucketOperation(request: SandboxRequest): OssOperation | undefined {
  if (request.method !== 'GET' || unknownName(request, knownOfBucket) !== undefined) return undefined;
  if (isConditional(request)) return undefined;
  return firstValue(request.query, 'list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

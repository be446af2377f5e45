import { firstValue } from '../http/encoding.js';
import type { SandboxRequest } from '../http/request.js';

/** The operations on one object that all four stores have, by the names of OBS, OSS and COS. */
export type ObjectOperation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload';

/** The S3 family does not name operations: they follow from the method and the sub-resources. */
export function objectOperation({ method, query }: SandboxRequest): ObjectOperation | undefined {
  const has = (name: string): boolean => firstValue(query, name) !== undefined;
  switch (method) {
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

/** Query parameters and headers that a store emulates; anything else would change what a request means. */
export interface KnownNames {
  query: RegExp;
  /** Of the vendor's headers. */
  headers: RegExp;
  vendorHeaders: RegExp;
}

/** The first query parameter or vendor header that is not emulated. */
export function unknownName(request: SandboxRequest, known: KnownNames): string | undefined {
  const parameter = request.query.map(([name]) => name).find((name) => !known.query.test(name));
  const header = request.headerNames.find(
    (name) => known.vendorHeaders.test(name) && !known.headers.test(name),
  );
  return parameter ?? header;
}

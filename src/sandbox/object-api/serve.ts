import type { Reply, ReplyHeaders } from '../http/reply.js';
import type { SandboxRequest } from '../http/request.js';
import type { StoredObject } from '../store/object-store.js';
import { parseRange, type RangeOutcome } from '../store/range.js';
import { checkReadConditions } from './conditions.js';
import { responseOverrides } from './object-headers.js';

/** Why a GET or HEAD is not answered with bytes; each dialect has its own error for it. */
export type ReadRefusal = 'PreconditionFailed' | 'InvalidArgument' | 'InvalidRange';

export interface ServeOptions {
  /** The ETag as the store shows it. */
  etag: string;
  /** Headers of this store. */
  headers?: ReplyHeaders;
  /** The bytes to serve, where it is not the whole object or its `Range`. */
  slice?: { start: number; end: number } | undefined;
  refuse: (reason: ReadRefusal) => Error;
  /** Whether a header of a condition names the ETag. Default: as RFC 9110 has it. */
  matches?: ((header: string, etag: string) => boolean) | undefined;
  /** How a `Range` is read. Default: one range, and whatever is not valid is ignored. */
  rangeOf?: ((header: string | undefined, sizeBytes: number) => RangeOutcome) | undefined;
}

/** Answers a GET or HEAD: conditions, then the range, then the object's own headers. */
export function serveObject(object: StoredObject, request: SandboxRequest, options: ServeOptions): Reply {
  const { etag, matches, rangeOf = parseRange } = options;
  const condition = checkReadConditions(request, { etag, modifiedAt: object.modifiedAt }, matches);
  if (condition === 'failed') throw options.refuse('PreconditionFailed');
  const overrides = responseOverrides(request);
  if (Object.values(overrides).some((value) => /[\x00-\x08\x0a-\x1f\x7f]/.test(value)))
    throw options.refuse('InvalidArgument');
  const headers: ReplyHeaders = {
    'Content-Type': object.contentType,
    ...object.headers,
    'Last-Modified': new Date(object.modifiedAt).toUTCString(),
    'Accept-Ranges': 'bytes',
    ETag: etag,
    ...options.headers,
    ...overrides,
  };
  if (condition === 'not-modified')
    return {
      status: 304,
      headers: { ...options.headers, ETag: etag, 'Last-Modified': headers['Last-Modified'] },
    };
  const range = options.slice
    ? { kind: 'slice' as const, ...options.slice }
    : rangeOf(request.header('range'), object.sizeBytes);
  if (range.kind === 'unsatisfiable') throw options.refuse('InvalidRange');
  if (range.kind === 'whole')
    return { status: 200, headers, body: { bytes: object, start: 0, end: object.sizeBytes } };
  const contentRange = `bytes ${range.start}-${range.end - 1}/${object.sizeBytes}`;
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': contentRange },
    body: { bytes: object, start: range.start, end: range.end },
  };
}

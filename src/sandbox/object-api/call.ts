import type { FaultEffect } from '../faults.js';
import type { CorsRules } from '../http/cors.js';
import { decode, firstValue } from '../http/encoding.js';
import type { Reply } from '../http/reply.js';
import type { SandboxRequest } from '../http/request.js';
import type { Call } from '../service.js';

/** What a store makes of a request that it has claimed. */
export interface ObjectCall {
  provider: string;
  request: SandboxRequest;
  /** Undefined: not emulated. */
  operation: string | undefined;
  cors: CorsRules;
  perform: (effect: FaultEffect) => Promise<Reply>;
  /** The store's answer to an error of the client; rethrows every other error. */
  fail: (error: unknown) => Reply;
  refuse: Call['refuse'];
  /** The error of a preflight that the rules of the bucket do not allow. */
  preflightError: (reason: 'bad-request' | 'forbidden') => Error;
}

/** The call of an object store; the four stores differ only in what {@link ObjectCall} names. */
export function objectCall({ provider, request, operation, cors, ...store }: ObjectCall): Call {
  const partNumber = Number(firstValue(request.query, 'partNumber'));
  return {
    provider,
    plane: 'data',
    action: operation ?? 'Unknown',
    partNumber: operation === 'UploadPart' && Number.isInteger(partNumber) ? partNumber : undefined,
    cors,
    perform: (effect) => store.perform(effect).catch(store.fail),
    refuse: store.refuse,
    refusePreflight: (reason) => store.fail(store.preflightError(reason)),
  };
}

export interface Address {
  bucket: string;
  /** Decoded. */
  key: string;
}

/** Of a path-style request: `/bucket/key`. */
export function addressOfPath(path: string): Address {
  const [, bucket = '', key = ''] = /^\/?([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: decode(bucket), key: decode(key) };
}

/** What a store says of an error, in the fields that the documents of all four share. */
export interface StoreFailure {
  status: number;
  code: string;
  message: string;
  /** Further elements of the document. */
  details?: Readonly<Record<string, string>>;
}

import type { IncomingMessage } from 'node:http';
import { decodeHeader, parseQuery, type QueryPair } from './encoding.js';

/** One request as the emulated services see it. The body is read lazily. */
export interface SandboxRequest {
  /** For a preflight: the requested method, so that it is routed like the request it announces. */
  method: string;
  isPreflight: boolean;
  host: string;
  /** Percent-encoded, as sent, without the query. */
  path: string;
  rawQuery: string;
  query: readonly QueryPair[];
  /** Undefined when absent; repeated headers joined by a comma. Bytes beyond ASCII are read as UTF-8, if they are. */
  header: (name: string) => string | undefined;
  headerNames: readonly string[];
  contentLength: number | undefined;
  isChunked: boolean;
  body: AsyncIterable<Buffer>;
}

export function describeRequest(incoming: IncomingMessage, body: AsyncIterable<Buffer>): SandboxRequest {
  const target = incoming.url ?? '/';
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  const rawQuery = cut < 0 ? '' : target.slice(cut + 1);
  const distinct = incoming.headersDistinct;
  const header = (name: string): string | undefined => {
    const value = distinct[name.toLowerCase()]?.join(',');
    return value === undefined ? undefined : decodeHeader(value);
  };
  const method = incoming.method ?? 'GET';
  const isPreflight = method === 'OPTIONS';
  const length = header('content-length');
  return {
    method: isPreflight ? (header('access-control-request-method') ?? 'OPTIONS') : method,
    isPreflight,
    host: header('host') ?? '',
    path,
    rawQuery,
    query: parseQuery(rawQuery),
    header,
    headerNames: Object.keys(distinct),
    contentLength: length === undefined ? undefined : Number(length),
    isChunked: header('transfer-encoding') !== undefined,
    body,
  };
}

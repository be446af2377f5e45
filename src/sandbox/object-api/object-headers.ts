import type { SandboxRequest } from '../http/request.js';
import type { ObjectHeaders } from '../store/object-store.js';

/** Standard headers that a store keeps with an object and returns on GET and HEAD, besides Content-Type. */
const standardHeaders = [
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Expires',
];

/** What a PUT or initiate request says about the object: its type, standard headers and metadata. */
export function readObjectHeaders(
  request: SandboxRequest,
  { metadata, defaultType }: { metadata: RegExp; defaultType: string },
): ObjectHeaders {
  const standard = standardHeaders.map((name) => [name, valueOf(request, name)] as const);
  const own = request.headerNames
    .filter((name) => metadata.test(name))
    .map((name) => [name.toLowerCase(), request.header(name)] as const);
  return {
    contentType: request.header('content-type')?.trim() || defaultType,
    headers: Object.fromEntries(
      [...standard, ...own].filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
  };
}

/** Bytes of all metadata, counted as "Working with object metadata" does: names without prefix, and values. */
export function metadataBytes({ headers }: ObjectHeaders, prefix: string): number {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .reduce((sum, [name, value]) => sum + name.length - prefix.length + Buffer.byteLength(value), 0);
}

/** `response-content-type` and the like: parameters of a URL that set headers of the answer. */
export function responseOverrides({ query }: SandboxRequest): Record<string, string> {
  const named = query.filter(([name]) => /^response-(content-|cache-control|expires)/.test(name));
  return Object.fromEntries(
    named.map(([name, value]) => [
      name.slice('response-'.length).replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** `aws-chunked` describes the transfer, not the object. */
function valueOf(request: SandboxRequest, name: string): string | undefined {
  const value = request.header(name);
  if (name !== 'Content-Encoding' || value === undefined) return value;
  const rest = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '');
  return rest.length > 0 ? rest.join(',') : undefined;
}

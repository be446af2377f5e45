import type { SandboxRequest } from '../http/request.js';

/** What conditional requests (RFC 9110, section 13) are evaluated against. */
export interface Validators {
  /** As the store shows it, with or without quotes. */
  etag: string;
  modifiedAt: number;
}

type ETagHeader = 'if-match' | 'if-none-match';

/** The headers that make a request conditional. */
export const conditionalHeaders: readonly string[] = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

export function isConditional(request: SandboxRequest): boolean {
  return conditionalHeaders.some((name) => request.header(name) !== undefined);
}

/** Conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2: ETags take precedence over dates. */
export function checkReadConditions(
  request: SandboxRequest,
  { etag, modifiedAt }: Validators,
  matches: (header: string, etag: string, name: ETagHeader) => boolean = matchesETag,
): 'met' | 'not-modified' | 'failed' {
  const ifMatch = request.header('if-match');
  const ifNoneMatch = request.header('if-none-match');
  const modifiedSeconds = Math.floor(modifiedAt / 1000);
  const unmodifiedSince = secondsOf(request.header('if-unmodified-since'));
  const modifiedSince = secondsOf(request.header('if-modified-since'));
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag, 'if-match')) return 'failed';
  } else if (unmodifiedSince !== undefined && modifiedSeconds > unmodifiedSince) return 'failed';
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag, 'if-none-match') ? 'not-modified' : 'met';
  return modifiedSince !== undefined && modifiedSeconds <= modifiedSince ? 'not-modified' : 'met';
}

/** Conditions of a write, against the object that it would replace. */
export function checkWriteConditions(
  request: SandboxRequest,
  current: Validators | undefined,
): 'met' | 'failed' | 'missing' {
  const ifMatch = request.header('if-match');
  const ifNoneMatch = request.header('if-none-match');
  if (ifMatch !== undefined && !current) return 'missing';
  if (ifMatch !== undefined && current && !matchesETag(ifMatch, current.etag, 'if-match')) return 'failed';
  return ifNoneMatch !== undefined && current && matchesETag(ifNoneMatch, current.etag, 'if-none-match')
    ? 'failed'
    : 'met';
}

/** Whether a header names the ETag. `If-Match` asks for strong comparison (RFC 9110, section 13.1.1): no weak ETag meets it. */
function matchesETag(header: string, etag: string, name: ETagHeader): boolean {
  return isWildcard(header) || isListed(header, etag, name);
}

function isWildcard(header: string): boolean {
  return header.split(',').some((one) => one.trim() === '*');
}

/** A list of ETags; quotes are optional. */
function isListed(header: string, etag: string, name: ETagHeader): boolean {
  const listed = header.split(',').map((one) => one.trim());
  const compared = name === 'if-none-match' ? listed.map((one) => one.replace(/^W\//, '')) : listed;
  return compared.some((one) => bare(one) === bare(etag));
}

function bare(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1').toLowerCase();
}

/** Invalid dates are ignored. Years of two digits, of the form of RFC 850, end with 2068. */
function secondsOf(date: string | undefined): number | undefined {
  const full = date?.replace(/-(\d\d) /, (_, year: string) => `-${Number(year) < 69 ? 20 : 19}${year} `);
  const ms = Date.parse(full ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

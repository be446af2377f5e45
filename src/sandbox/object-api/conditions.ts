import type { SandboxRequest } from '../http/request.js';

/** What conditional requests (RFC 9110, section 13) are evaluated against. */
export interface Validators {
  /** As the store shows it, with or without quotes. */
  etag: string;
  modifiedAt: number;
}

/** The headers that make a request conditional. */
const conditionalHeaders = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

export function isConditional(request: SandboxRequest): boolean {
  return conditionalHeaders.some((name) => request.header(name) !== undefined);
}

/** Conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2: ETags take precedence over dates. */
export function checkReadConditions(
  request: SandboxRequest,
  { etag, modifiedAt }: Validators,
  matches: (header: string, etag: string) => boolean = matchesETag,
): 'met' | 'not-modified' | 'failed' {
  const ifMatch = request.header('if-match');
  const ifNoneMatch = request.header('if-none-match');
  const modifiedSeconds = Math.floor(modifiedAt / 1000);
  const unmodifiedSince = secondsOf(request.header('if-unmodified-since'));
  const modifiedSince = secondsOf(request.header('if-modified-since'));
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) return 'failed';
  } else if (unmodifiedSince !== undefined && modifiedSeconds > unmodifiedSince) return 'failed';
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag) ? 'not-modified' : 'met';
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
  if (ifMatch !== undefined && current && !matchesETag(ifMatch, current.etag)) return 'failed';
  return ifNoneMatch !== undefined && current && matchesETag(ifNoneMatch, current.etag) ? 'failed' : 'met';
}

function matchesETag(header: string, etag: string): boolean {
  return isWildcard(header) || isListed(header, etag);
}

export function isWildcard(header: string): boolean {
  return header.split(',').some((one) => one.trim() === '*');
}

/** A list of ETags; quotes and the mark of weak ETags are optional. */
function isListed(header: string, etag: string): boolean {
  return header.split(',').some((one) => bare(one.trim()) === bare(etag));
}

function bare(etag: string): string {
  return etag
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
    .toLowerCase();
}

/** Invalid dates are ignored. */
function secondsOf(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

import { EndpointError } from '../../errors.js';
import { encodeRfc3986 } from '../../encoding.js';
import type { AuthorityQuery } from './client.js';
import type { ObjectAddress } from './state.js';

/** What a URL is taken to live for when it does not say: short, so that a new one is requested in time. */
const assumedLifetimeMs = 15 * 60_000;

/** How long a presigned URL lives yet, in ms, from its own `Expires` (OBS API reference, "Authentication of Signature in a URL"). Not below 0. */
export function remainingMs(url: string, nowMs: number): number {
  const expires = Number(new URL(url).searchParams.get('Expires') ?? NaN);
  return Number.isFinite(expires) ? Math.max(0, expires * 1000 - nowMs) : assumedLifetimeMs;
}

/** Refuses what is not a URL, without repeating it: a parser's own error would. */
export function checkUrl(url: string | null | undefined, what: string): string {
  if (!url || !URL.canParse(url))
    throw new EndpointError('vendor-invalid-reply', { detail: `${what}: no URL in the answer` });
  return url;
}

/**
 * Bucket and key that an upload URL leads to: an update names no target. Both forms of the documents' examples, the
 * bucket in the host or in the path.
 */
export function targetOf(url: string, what: string): { bucket: string; objectKey: string } {
  const { hostname, pathname } = new URL(url);
  const byHost = /^(.+)\.obs[.-]/.exec(hostname)?.[1];
  const segments = pathname.slice(1).split('/').map(decodeURIComponent);
  const bucket = byHost ?? segments.shift();
  const objectKey = segments.join('/');
  if (!bucket || !objectKey)
    throw new EndpointError('vendor-invalid-reply', { detail: `${what}: the address names no object` });
  return { bucket, objectKey };
}

/**
 * The same request at the other name of the bucket, which is in the host or in the path: OBS signs the bucket in both
 * cases and never the host. Undefined where the host cannot carry the bucket.
 */
export function secondUrlOf(url: string, bucket: string): string | undefined {
  const { protocol, host, hostname, pathname, search } = new URL(url);
  // Certificates are for one label before the store's name.
  if (bucket.includes('.')) return undefined;
  if (host.startsWith(`${bucket}.obs.`))
    return `${protocol}//${host.slice(bucket.length + 1)}/${bucket}${pathname}${search}`;
  if (!pathname.startsWith(`/${bucket}/`)) return undefined;
  const rest = `${pathname.slice(bucket.length + 1)}${search}`;
  if (hostname.startsWith('obs.')) return `${protocol}//${bucket}.${host}${rest}`;
  // Browsers resolve every name that ends in `.localhost` themselves.
  return hostname === 'localhost' ? `${protocol}//${bucket}.obs.${host}${rest}` : undefined;
}

export interface ObsAddressing {
  /** Store to use with path-style addresses instead of the region's own. */
  readonly obsBaseUrl: string | undefined;
  readonly region: string | undefined;
  /** Whether parts are signed for both names of the bucket. */
  readonly hasSecondName: boolean;
}

/**
 * The URL that an authority stands for. v1.1 answers with all of it. v1.0 answers with the signature alone, and the
 * caller puts it behind the object's address ("Obtaining Authorization for Multipart Upload", historical version).
 */
export function assembleUrl(
  signStr: string,
  query: AuthorityQuery,
  address: ObjectAddress,
  addressing: ObsAddressing,
): string {
  const what = `authorise ${query.http_verb}`;
  if (/^https?:/i.test(signStr)) return checkUrl(signStr, what);
  const { upload_id: uploadId, part_number: partNumber } = query;
  const operation =
    uploadId === undefined
      ? 'uploads'
      : `${partNumber === undefined ? '' : `partNumber=${partNumber}&`}uploadId=${encodeRfc3986(uploadId)}`;
  return checkUrl(`${objectUrl(address, addressing)}?${operation}&${signStr.replace(/^[?&]/, '')}`, what);
}

function objectUrl(
  { bucket, objectKey, location }: ObjectAddress,
  { obsBaseUrl, region }: ObsAddressing,
): string {
  const key = objectKey.split('/').map(encodeRfc3986).join('/');
  if (obsBaseUrl) return `${obsBaseUrl.replace(/\/+$/, '')}/${bucket}/${key}`;
  const place = location ?? region;
  if (!place)
    throw new EndpointError('vendor-invalid-reply', {
      detail: 'create asset: no location in the answer, and no region set',
    });
  return `https://${bucket}.obs.${place}.myhuaweicloud.com/${key}`;
}

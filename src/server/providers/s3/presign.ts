import type { PartToSign, SignedRequest } from '../../../protocol/index.js';
import { canonicalQuery, presignSigV4, signSigV4, unsigned } from '../../signing/sigv4.js';
import type { ObjectAddress } from './address.js';
import { lifetimeMs, type S3Keys } from './credentials.js';

export interface PresignOptions {
  readonly signature: 'query' | 'headers';
  readonly region: string;
  readonly urlLifetimeSeconds: number;
  readonly absentHeaders: readonly string[];
  readonly nowMs: number;
}

/** A PUT to an object, or to a part of it. */
export interface PutTarget {
  readonly address: ObjectAddress;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A date in a header may be 15 minutes off; one minute is left for the transfer. */
const headerLifetimeSeconds = 14 * 60;
/** Signed, but set by the browser: scripts may not set them. */
const browserHeaders = new Set(['host', 'content-length']);

/**
 * A PUT of exactly these bytes ("Authenticating Requests: Using Query Parameters"). The length is signed as well, though
 * no script may set it: browsers send it themselves, and a ticket for a small file must not store a large one.
 */
export function presignPut(
  { address, query = [], headers = {} }: PutTarget,
  { partNumber, sizeBytes, md5Base64 }: PartToSign,
  keys: S3Keys,
  { signature, region, urlLifetimeSeconds, absentHeaders, nowMs }: PresignOptions,
): SignedRequest {
  const { origin, host, path } = address;
  // Each of them goes into the signature, so an absent one must not be there as a key either.
  const sent = { ...headers, ...(md5Base64 !== undefined && { 'Content-MD5': md5Base64 }) };
  const expiresInSeconds = Math.max(
    1,
    Math.floor(Math.min(urlLifetimeSeconds, lifetimeMs(keys, nowMs) / 1000)),
  );
  const names = new Set(Object.keys(sent).map((name) => name.toLowerCase()));
  const request = {
    method: 'PUT',
    host,
    path,
    query,
    absentHeaders: absentHeaders.filter((name) => !names.has(name)),
    headers: { ...sent, 'Content-Length': String(sizeBytes) },
  };
  const date = new Date(nowMs);
  if (signature === 'headers') {
    const signedHeaders = Object.entries(
      signSigV4({ ...request, body: unsigned }, keys, { region, date }),
    ).filter(([name]) => !browserHeaders.has(name.toLowerCase()));
    const search = query.length > 0 ? `?${canonicalQuery(query)}` : '';
    const expiresInMs = Math.min(expiresInSeconds, headerLifetimeSeconds) * 1000;
    return {
      partNumber,
      method: 'PUT',
      url: `${origin}${path}${search}`,
      headers: Object.fromEntries(signedHeaders),
      expiresInMs,
    };
  }
  const signed = presignSigV4(request, keys, { region, date, expiresInSeconds });
  return {
    partNumber,
    method: 'PUT',
    url: `${origin}${path}?${signed}`,
    headers: sent,
    // Whole seconds are signed; the fraction of the current one has passed.
    expiresInMs: expiresInSeconds * 1000 - (nowMs % 1000),
  };
}

import type { PartToSign, SignedRequest } from '../../../protocol/index.js';
import { canonicalQuery, sigV4Presigner, signSigV4, unsigned } from '../../signing/sigv4.js';
import type { ObjectAddress } from './address.js';
import { lifetimeMs, type S3Keys } from './credentials.js';

export interface PresignOptions {
  readonly signature: 'query' | 'headers';
  readonly region: string;
  readonly urlLifetimeSeconds: number;
  readonly absentHeaders: readonly string[];
  /** Whether the browser may send a `Content-MD5` that is not signed. */
  readonly addsMd5: boolean;
  readonly nowMs: number;
}

/** A PUT to an object, or to a part of it. */
export interface PutTarget {
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A date in a header may be 15 minutes off; one minute is left for the transfer. */
const headerLifetimeSeconds = 14 * 60;
/** Signed, but set by the browser: scripts may not set them. */
const browserHeaders = new Set(['host', 'content-length']);

/**
 * PUTs of exactly these bytes ("Authenticating Requests: Using Query Parameters"). The length is signed as well, though
 * no script may set it: browsers send it themselves, and a ticket for a small file must not store a large one.
 */
export function putPresigner(
  address: ObjectAddress,
  keys: S3Keys,
  options: PresignOptions,
): (target: PutTarget, part: PartToSign) => SignedRequest {
  const { nowMs, urlLifetimeSeconds } = options;
  const lifetimeSeconds = Math.min(urlLifetimeSeconds, lifetimeMs(keys, nowMs) / 1000);
  const expiresInSeconds = Math.max(1, Math.floor(lifetimeSeconds));
  const sign =
    options.signature === 'headers'
      ? headerSigner(address, { keys, expiresInSeconds }, options)
      : querySigner(address, { keys, expiresInSeconds }, options);
  return ({ query = [], headers }, { partNumber, sizeBytes, md5Base64 }) => {
    // Each of them goes into the signature, so an absent one must not be there as a key either.
    const sent = { ...headers, ...(md5Base64 !== undefined && { 'Content-MD5': md5Base64 }) };
    const open = options.addsMd5 && md5Base64 === undefined && { addsMd5: true };
    return { partNumber, method: 'PUT', ...sign({ query, sent, sizeBytes }), ...open };
  };
}

interface Put {
  readonly query: readonly (readonly [string, string])[];
  readonly sent: Record<string, string>;
  readonly sizeBytes: number;
}

interface Signing {
  readonly keys: S3Keys;
  readonly expiresInSeconds: number;
}

type PutSigner = (put: Put) => Pick<SignedRequest, 'url' | 'headers' | 'expiresInMs'>;

function querySigner(
  { origin, host, path }: ObjectAddress,
  { keys, expiresInSeconds }: Signing,
  { region, nowMs, absentHeaders }: PresignOptions,
): PutSigner {
  const scope = { region, date: new Date(nowMs), expiresInSeconds };
  // Whole seconds are signed; the fraction of the current one has passed.
  const expiresInMs = expiresInSeconds * 1000 - (nowMs % 1000);
  const presignerFor = (absent: readonly string[]) =>
    sigV4Presigner({ method: 'PUT', host, path, absentHeaders: absent }, keys, scope);
  const presign = absentHeaders.length === 0 ? presignerFor([]) : undefined;
  return ({ query, sent, sizeBytes }) => {
    const headers = { ...sent, 'Content-Length': String(sizeBytes) };
    const signed = (presign ?? presignerFor(without(absentHeaders, sent)))({ query, headers });
    return { url: `${origin}${path}?${signed}`, headers: sent, expiresInMs };
  };
}

function headerSigner(
  { origin, host, path }: ObjectAddress,
  { keys, expiresInSeconds }: Signing,
  { region, nowMs, absentHeaders }: PresignOptions,
): PutSigner {
  const scope = { region, date: new Date(nowMs) };
  const expiresInMs = Math.min(expiresInSeconds, headerLifetimeSeconds) * 1000;
  return ({ query, sent, sizeBytes }) => {
    const headers = { ...sent, 'Content-Length': String(sizeBytes) };
    const request = {
      method: 'PUT',
      host,
      path,
      query,
      headers,
      absentHeaders: without(absentHeaders, sent),
    };
    const signedHeaders = Object.entries(signSigV4({ ...request, body: unsigned }, keys, scope)).filter(
      ([name]) => !browserHeaders.has(name.toLowerCase()),
    );
    const search = query.length > 0 ? `?${canonicalQuery(query)}` : '';
    return { url: `${origin}${path}${search}`, headers: Object.fromEntries(signedHeaders), expiresInMs };
  };
}

function without(
  absentHeaders: readonly string[],
  sent: Readonly<Record<string, string>>,
): readonly string[] {
  if (absentHeaders.length === 0) return absentHeaders;
  const names = new Set(Object.keys(sent).map((name) => name.toLowerCase()));
  return absentHeaders.filter((name) => !names.has(name));
}

import { encodeRfc3986, toHex } from '../encoding.js';
import { sha256Hex } from '../hash.js';
import { basicDate, canonicalHeaders, comparePairs } from './canonical.js';
import { derivedKey } from './derived-key.js';

/**
 * AWS Signature Version 4 as S3 uses it ("Authenticating Requests (AWS Signature Version 4)"): in the query of a
 * presigned URL, or in headers. The vectors beside this file are those of the S3 documentation and of vendors' signers.
 */
export interface SigV4Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys (STS). */
  readonly sessionToken?: string;
}

export interface SigV4Request {
  readonly method: string;
  /** As the `Host` header will be: with the port, unless it is the scheme's own. */
  readonly host: string;
  /** Percent-encoded once, as it is sent. */
  readonly path: string;
  /** Decoded names and values. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** All of them are signed, and `host` too. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Headers that the request must not have, in lower case: they are named as signed and have no line. Ceph refuses the
   * request when one is added; by the specification of AWS such a signature is wrong.
   */
  readonly absentHeaders?: readonly string[] | undefined;
}

export interface SigV4Scope {
  readonly region: string;
  /** Default `s3`. */
  readonly service?: string;
  readonly date: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';
const unsignedPayload = 'UNSIGNED-PAYLOAD';
/** Stands for a body that is signed by nothing but, perhaps, its `Content-MD5`. */
export const unsigned = Symbol('unsigned payload');

/** The whole query of a presigned URL, its signature last. The payload is not signed; sign `Content-MD5` to bind it. */
export function presignSigV4(
  request: SigV4Request,
  keys: SigV4Keys,
  options: SigV4Scope & { readonly expiresInSeconds: number },
): string {
  const date = basicDate(options.date);
  const scope = scopeOf(date, options);
  const signed = signedHeaders({ ...request.headers, host: request.host }, request.absentHeaders);
  const query = canonicalQuery([
    ...(request.query ?? []),
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${keys.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(options.expiresInSeconds)],
    ['X-Amz-SignedHeaders', signed.names],
    ...(keys.sessionToken === undefined ? [] : [['X-Amz-Security-Token', keys.sessionToken] as const]),
  ]);
  const canonical = `${request.method}\n${request.path}\n${query}\n${signed.lines}\n${signed.names}\n${unsignedPayload}`;
  return `${query}&X-Amz-Signature=${signatureOf({ canonical, date, scope }, keys)}`;
}

/**
 * The request's headers with date, token, payload hash and `Authorization`. `Host` is for `fetch` to send. Without a
 * body the payload counts as empty, and with `unsigned` it may be anything.
 */
export function signSigV4(
  request: SigV4Request & { readonly body?: string | typeof unsigned },
  keys: SigV4Keys,
  options: SigV4Scope,
): Record<string, string> {
  const date = basicDate(options.date);
  const scope = scopeOf(date, options);
  const payloadHash = request.body === unsigned ? unsignedPayload : sha256Hex(request.body ?? '');
  const headers = {
    ...request.headers,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': date,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  };
  const signed = signedHeaders({ ...headers, host: request.host }, request.absentHeaders);
  const canonical = `${request.method}\n${request.path}\n${canonicalQuery(request.query ?? [])}\n${signed.lines}\n${signed.names}\n${payloadHash}`;
  const signature = signatureOf({ canonical, date, scope }, keys);
  return {
    ...headers,
    Authorization: `${algorithm} Credential=${keys.accessKeyId}/${scope},SignedHeaders=${signed.names},Signature=${signature}`,
  };
}

/** As it stands in the URL of a signed request. Spaces are `%20`, never `+`. */
export function canonicalQuery(query: readonly (readonly [name: string, value: string])[]): string {
  return query
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(comparePairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function scopeOf(date: string, { region, service = 's3' }: SigV4Scope): string {
  return `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
}

function signedHeaders(
  headers: Readonly<Record<string, string>>,
  absent: readonly string[] = [],
): { lines: string; names: string } {
  const { lines, names } = canonicalHeaders(headers, singleSpaced);
  return absent.length === 0
    ? { lines, names }
    : { lines, names: [...names.split(';'), ...absent].sort().join(';') };
}

function singleSpaced(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

interface Signing {
  readonly canonical: string;
  readonly date: string;
  readonly scope: string;
}

function signatureOf({ canonical, date, scope }: Signing, { secretAccessKey }: SigV4Keys): string {
  const stringToSign = `${algorithm}\n${date}\n${scope}\n${sha256Hex(canonical)}`;
  return toHex(derivedKey(`AWS4${secretAccessKey}`, scope.split('/'))(stringToSign));
}

import { encodeRfc3986, toHex } from '../encoding.js';
import { sha256Hex, sha256HexAfter } from '../hash.js';
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

/** What differs between the requests that one presigner signs: the parts of an upload. */
export type SigV4Part = Pick<SigV4Request, 'query' | 'headers'>;

/** The whole query of a presigned URL, its signature last. The payload is not signed; sign `Content-MD5` to bind it. */
export function presignSigV4(
  { query, headers, ...request }: SigV4Request,
  keys: SigV4Keys,
  options: SigV4Scope & { readonly expiresInSeconds: number },
): string {
  return sigV4Presigner(request, keys, options)({ query, headers });
}

/** Presigns the parts of one upload. What they have in common is written, encoded and derived once. */
export function sigV4Presigner(
  { method, host, path, absentHeaders }: Omit<SigV4Request, keyof SigV4Part>,
  keys: SigV4Keys,
  options: SigV4Scope & { readonly expiresInSeconds: number },
): (part: SigV4Part) => string {
  const date = basicDate(options.date);
  const scope = scopeOf(date, options);
  const sign = signer({ date, scope }, keys);
  const common = encodedPairs([
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${keys.accessKeyId}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(options.expiresInSeconds)],
    ...(keys.sessionToken === undefined ? [] : [['X-Amz-Security-Token', keys.sessionToken] as const]),
  ]);
  const hash = hashAfter({ line: `${method}\n${path}\n`, common });
  return ({ query = [], headers }) => {
    const signed = signedHeaders({ ...headers, host }, absentHeaders);
    const { search, sha256Hex } = hash(
      encodedPairs([...query, ['X-Amz-SignedHeaders', signed.names]]),
      `\n${signed.lines}\n${signed.names}\n${unsignedPayload}`,
    );
    return `${search}&X-Amz-Signature=${sign(sha256Hex)}`;
  };
}

/**
 * Hashes canonical requests that begin alike, where the parameters they have in common come first, as those of part
 * uploads do: half of such a request need not be hashed again.
 */
function hashAfter({ line, common }: { readonly line: string; readonly common: Pairs }) {
  const [last = ['', '']] = common.slice(-1);
  const beginning = `${joined(common)}&`;
  const hashRest = sha256HexAfter(line + beginning);
  return (own: Pairs, end: string): { search: string; sha256Hex: string } => {
    if (own.every((pair) => comparePairs(last, pair) < 0)) {
      const rest = joined(own);
      return { search: beginning + rest, sha256Hex: hashRest(rest + end) };
    }
    const search = joined([...common, ...own]);
    return { search, sha256Hex: sha256Hex(line + search + end) };
  };
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
  const signature = signer({ date, scope }, keys)(sha256Hex(canonical));
  return {
    ...headers,
    Authorization: `${algorithm} Credential=${keys.accessKeyId}/${scope},SignedHeaders=${signed.names},Signature=${signature}`,
  };
}

/** As it stands in the URL of a signed request. Spaces are `%20`, never `+`. */
export function canonicalQuery(query: Pairs): string {
  return joined(encodedPairs(query));
}

type Pairs = readonly (readonly [name: string, value: string])[];

function encodedPairs(pairs: Pairs): Pairs {
  return pairs.map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)]);
}

function joined(encoded: Pairs): string {
  return [...encoded]
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
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replace(/ +/g, ' ') : trimmed;
}

/** Signs canonical requests of one date and scope. */
function signer(
  { date, scope }: { readonly date: string; readonly scope: string },
  { secretAccessKey }: SigV4Keys,
): (canonicalSha256Hex: string) => string {
  const sign = derivedKey(`AWS4${secretAccessKey}`, scope.split('/'));
  return (hash) => toHex(sign(`${algorithm}\n${date}\n${scope}\n${hash}`));
}

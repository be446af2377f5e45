import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseBasicDate } from '../clock.js';
import { verifySigV4, type SigV4Options, type SigV4Request } from './sigv4.js';
import vectors from './sigv4.vectors.json' with { type: 'json' };

interface Case {
  name: string;
  /** Beside the signature's own. */
  signedHeaders: Record<string, string>;
  request: SigV4Request;
  options: SigV4Options;
}

interface Common {
  name: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
  date: string;
  method: string;
  host: string;
  path: string;
  headers: object;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function build(vector: Common, query: [string, string][], more: Record<string, string>): Case {
  const signedHeaders = Object.fromEntries(
    Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value as string]),
  );
  const headers: Record<string, string> = { host: vector.host, ...more, ...signedHeaders };
  return {
    name: vector.name,
    signedHeaders,
    request: {
      method: vector.method,
      path: vector.path,
      query,
      headerNames: Object.keys(headers),
      header: (name) => headers[name.toLowerCase()],
    },
    options: {
      findSecret: (key) => (key === vector.accessKeyId ? vector.secretAccessKey : undefined),
      region: vector.region,
      service: 's3',
      nowMs: (parseBasicDate(vector.date) ?? 0) + 1000,
    },
  };
}

const scopeOf = ({ accessKeyId, date, region }: Common): string =>
  `${accessKeyId}/${date.slice(0, 8)}/${region}/s3/aws4_request`;
const names = (headers: object, more: string[]): string =>
  [...Object.keys(headers).map((name) => name.toLowerCase()), ...more].sort().join(';');

const inUrls = vectors.presigned.map((vector): Case =>
  build(
    vector,
    [
      ...vector.query.map(([name = '', value = '']): [string, string] => [name, value]),
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', scopeOf(vector)],
      ['X-Amz-Date', vector.date],
      ['X-Amz-Expires', String(vector.expiresInSeconds)],
      ['X-Amz-SignedHeaders', names(vector.headers, ['host'])],
      ...(vector.sessionToken === undefined
        ? []
        : [['X-Amz-Security-Token', vector.sessionToken] as [string, string]]),
      ['X-Amz-Signature', vector.signature],
    ],
    {},
  ),
);

function inHeader(vector: Common & { query: string[][]; signature: string }, payloadHash: string): Case {
  const own = {
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': vector.date,
    ...(vector.sessionToken === undefined ? {} : { 'x-amz-security-token': vector.sessionToken }),
  };
  const list = names(vector.headers, ['host', ...Object.keys(own)]);
  return build(
    vector,
    vector.query.map(([name = '', value = '']) => [name, value]),
    {
      ...own,
      authorization: `AWS4-HMAC-SHA256 Credential=${scopeOf(vector)},SignedHeaders=${list},Signature=${vector.signature}`,
    },
  );
}

const inHeaders = vectors.header.map((vector) => inHeader(vector, sha256(vector.body)));
const all = [...inUrls, ...inHeaders];
const verify = (
  { request, options }: Case,
  changes: Partial<SigV4Request> = {},
  other: Partial<SigV4Options> = {},
) => verifySigV4({ ...request, ...changes }, { ...options, ...other });

describe.each(all)('vector $name', (vector) => {
  it('accepts the SigV4 signature unchanged', () => {
    expect(verify(vector)).toMatchObject({ ok: true });
  });

  it('refuses the SigV4 signature with any signed part changed', () => {
    const changes: Partial<SigV4Request>[] = [
      { method: 'PATCH' },
      { path: `${vector.request.path}x` },
      { query: [...vector.request.query, ['more', '1']] },
      { header: (name) => (name === 'host' ? 'elsewhere.test' : vector.request.header(name)) },
      ...Object.keys(vector.signedHeaders).map((signed) => ({
        header: (name: string) => (name === signed ? 'other' : vector.request.header(name)),
      })),
    ];
    for (const change of changes)
      expect(verify(vector, change)).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
    expect(verify(vector, {}, { findSecret: () => 'another' })).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    expect(verify(vector, {}, { findSecret: () => undefined })).toMatchObject({ code: 'InvalidAccessKeyId' });
    expect(verify(vector, {}, { region: 'elsewhere-1' })).toMatchObject({
      code: expect.stringMatching(/^Authorization/) as string,
    });
  });

  it('refuses an unsigned x-amz- header', () => {
    expect(verify(vector, { headerNames: [...vector.request.headerNames, 'x-amz-other'] })).toMatchObject({
      code: 'AccessDenied',
    });
  });
});

it.each(inUrls)('accepts a presigned URL until it expires: $name', ({ request, options }) => {
  const [, seconds = '0'] = request.query.find(([name]) => name === 'X-Amz-Expires') ?? [];
  const lastMs = options.nowMs - 1000 + Number(seconds) * 1000;
  expect(verifySigV4(request, { ...options, nowMs: lastMs }).ok).toBe(true);
  expect(verifySigV4(request, { ...options, nowMs: lastMs + 1 })).toMatchObject({
    code: 'AccessDenied',
    message: 'Request has expired',
  });
  expect(verifySigV4(request, { ...options, nowMs: options.nowMs - 902_000 })).toMatchObject({
    code: 'AccessDenied',
  });
});

it.each(inHeaders)(
  'accepts a signed request within fifteen minutes either way: $name',
  ({ request, options }) => {
    for (const offMs of [-900_000, 900_000])
      expect(verifySigV4(request, { ...options, nowMs: options.nowMs - 1000 + offMs }).ok).toBe(true);
    for (const offMs of [-901_000, 901_000])
      expect(verifySigV4(request, { ...options, nowMs: options.nowMs - 1000 + offMs })).toMatchObject({
        code: 'RequestTimeTooSkewed',
      });
  },
);

it('chains the signatures of a body in chunks', () => {
  const { chunked } = vectors;
  const outcome = verify(
    inHeader(
      { ...chunked, query: [], signature: chunked.seedSignature },
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    ),
  );
  if (!outcome.ok) throw new Error(outcome.code);
  expect(chunked.chunkBytes.map((size) => outcome.chunks(Buffer.alloc(size, chunked.byte)))).toEqual(
    chunked.chunkSignatures,
  );
});

it.each([
  ['no signature', {}, 'AccessDenied'],
  ['another scheme', { authorization: 'Bearer x' }, 'AuthorizationHeaderMalformed'],
])('refuses an unreadable signature: %s', (_, headers: Record<string, string>, code) => {
  const [first] = all;
  if (!first) throw new Error('no vectors');
  expect(
    verify(first, { query: [], header: (name) => headers[name], headerNames: Object.keys(headers) }),
  ).toMatchObject({ ok: false, code });
});

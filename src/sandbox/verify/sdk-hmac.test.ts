import { describe, expect, it } from 'vitest';
import { parseQuery } from '../http/encoding.js';
import { verifySdkHmac, type SdkHmacRequest } from './sdk-hmac.js';
import vectors from './sdk-hmac.vectors.json' with { type: 'json' };

interface Case {
  name: string;
  accessKey: string;
  secretKey: string;
  nowMs: number;
  request: SdkHmacRequest & { headers: Record<string, string> };
}

const nowMs = Date.UTC(2026, 0, 15, 8, 30);
const { accessKey, secretKey } = vectors;

const encode = (text: string): string => encodeURIComponent(text).replace('*', '%2A');

function build(
  method: string,
  url: URL,
  headers: Record<string, string | undefined>,
  body: string,
): Case['request'] {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value ?? '']),
  );
  return {
    method,
    path: url.pathname,
    query: parseQuery(url.search.slice(1)),
    body: new TextEncoder().encode(body),
    headers: lower,
    header: (name) => lower[name.toLowerCase()],
  };
}

const cases: Case[] = [
  ...vectors.signed.map((vector): Case => {
    const url = new URL(vector.signed_url_path_and_host);
    url.search = Object.entries(vector.query)
      .flatMap(([name, value]) => [value].flat().map((one) => `${name}=${encode(String(one))}`))
      .join('&');
    return {
      name: vector.name,
      accessKey,
      secretKey,
      nowMs,
      request: build(
        vector.method,
        url,
        { ...vector.headers, host: url.host, authorization: vector.authorization },
        vector.body,
      ),
    };
  }),
  ...vectors.wire.requests.map((vector): Case => {
    const [method = '', target = ''] = vector.request_line.split(' ');
    const authorization = `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=${vector.signature}`;
    const headers = {
      host: vectors.wire.host,
      'content-type': 'application/json',
      'x-project-id': vectors.wire.projectId,
      'x-sdk-date': vectors.date,
      authorization,
    };
    return {
      name: vector.name,
      accessKey,
      secretKey,
      nowMs,
      request: build(method, new URL(target, `http://${vectors.wire.host}`), headers, vector.body_utf8),
    };
  }),
  {
    name: vectors.guide.name,
    accessKey: vectors.guide.access_key,
    secretKey: vectors.guide.secret_key,
    nowMs: Date.UTC(2019, 10, 15, 3, 36, 55),
    request: build(
      'GET',
      new URL(vectors.guide.request.slice(4)),
      {
        ...vectors.guide.headers,
        host: 'service.region.example.com',
        authorization: vectors.guide.authorization,
      },
      '',
    ),
  },
];

const verify = (
  { request, accessKey: key, secretKey: secret, nowMs: now }: Case,
  changes: Partial<SdkHmacRequest> = {},
) => verifySdkHmac({ ...request, ...changes }, (asked) => (asked === key ? secret : undefined), now);

describe.each(cases)('vector $name', (vector) => {
  it('accepts the SDK-HMAC signature unchanged', () => {
    expect(verify(vector)).toEqual({ ok: true, accessKey: vector.accessKey });
  });

  it('refuses the SDK-HMAC signature with any signed part changed', () => {
    const signedDate = vector.request.headers['x-sdk-date'] ?? '';
    const changes: Partial<SdkHmacRequest>[] = [
      { method: 'PATCH' },
      { path: `${vector.request.path}x` },
      { query: [...vector.request.query, ['more', '1']] },
      { body: new TextEncoder().encode('{"other":1}') },
      { header: (name) => (name === 'host' ? 'elsewhere.example' : vector.request.header(name)) },
      {
        header: (name) =>
          name.toLowerCase() === 'x-sdk-date'
            ? signedDate.replace(/\dZ$/, '9Z')
            : vector.request.header(name),
      },
    ];
    for (const change of changes)
      expect(verify(vector, change)).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(verify({ ...vector, secretKey: 'another' })).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(verify({ ...vector, accessKey: 'ANOTHER' })).toMatchObject({ ok: false, reason: 'unknown-key' });
  });

  it('accepts the SDK-HMAC signature within fifteen minutes either way, and no second longer', () => {
    for (const offMs of [-900_000, 900_000])
      expect(verify({ ...vector, nowMs: vector.nowMs + offMs }).ok).toBe(true);
    for (const offMs of [-901_000, 901_000])
      expect(verify({ ...vector, nowMs: vector.nowMs + offMs })).toMatchObject({
        ok: false,
        reason: 'skewed',
      });
  });
});

it('names the string to sign on a mismatch, never the secret', () => {
  const vector = vectors.signed[0];
  const first = cases[0];
  if (!first || !vector) throw new Error('no vectors');
  const outcome = verify({ ...first, secretKey: 'a-secret' });
  expect(outcome).toMatchObject({ stringToSign: vector.string_to_sign });
  expect(JSON.stringify(outcome)).not.toContain('a-secret');
});

it.each([
  ['no header', ''],
  ['another scheme', 'Bearer x'],
  [
    'an unsorted list',
    `SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date;host, Signature=${'0'.repeat(64)}`,
  ],
  ['a list without the date', `SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=${'0'.repeat(64)}`],
])('refuses an unreadable signature: %s', (_, authorization) => {
  const first = cases[0];
  if (!first) throw new Error('no vectors');
  const header = (name: string): string | undefined =>
    name === 'authorization' ? authorization : first.request.header(name);
  expect(verify(first, { header })).toMatchObject({ ok: false, reason: 'malformed' });
});

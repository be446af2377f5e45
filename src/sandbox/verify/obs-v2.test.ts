import { describe, expect, it } from 'vitest';
import { decode, parseQuery } from '../http/encoding.js';
import { verifyObsV2, type ObsRequest } from './obs-v2.js';
import vectors from './obs-v2.vectors.json' with { type: 'json' };

const nowMs = Date.parse(vectors.now);
const findSecret = (accessKey: string): string | undefined =>
  accessKey === vectors.accessKey ? vectors.secretKey : undefined;

function fromUrl(
  method: string,
  text: string,
  headers: Record<string, string | undefined>,
  hostBucket?: string,
): ObsRequest {
  const [path = '', query = ''] = text.split('?');
  const [bucket, key] =
    hostBucket === undefined
      ? [path.split('/')[1] ?? '', path.split('/').slice(2).join('/')]
      : [hostBucket, path.slice(1)];
  const lower = Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method,
    bucket,
    key: decode(key),
    query: parseQuery(query),
    headerNames: Object.keys(lower),
    header: (name) => lower[name.toLowerCase()],
  };
}

const presigned = vectors.presigned.map((vector) => {
  const match = /^https:\/\/(?:([\w-]+)\.)?obs\.cn-north-4\.myhuaweicloud\.com:443(.*)$/.exec(vector.url);
  const [bucket, rest = ''] = match?.slice(1) ?? [];
  return { ...vector, request: fromUrl(vector.method, rest, vector.headers, bucket) };
});

describe.each(presigned)('presigned $name', ({ request, string_to_sign: stringToSign, mode }) => {
  const verify = (changes: Partial<ObsRequest> = {}, now = nowMs) =>
    verifyObsV2({ ...request, ...changes }, { findSecret, nowMs: now });

  it('accepts the OBS V2 signature unchanged', () => {
    expect(verify()).toEqual({ ok: true, accessKey: vectors.accessKey });
  });

  it('has the string to sign of the vector', () => {
    expect(verifyObsV2(request, { findSecret: () => 'wrong', nowMs })).toEqual({
      ok: false,
      code: 'SignatureDoesNotMatch',
      stringToSign,
    });
  });

  it('is accepted in the other dialect, where only the names differ', () => {
    if (
      request.query.some(([name]) => name.startsWith('x-')) ||
      request.headerNames.some((name) => name.startsWith('x-'))
    )
      return;
    const [from, to] =
      mode === 'AWSAccessKeyId' ? ['AWSAccessKeyId', 'AccessKeyId'] : ['AccessKeyId', 'AWSAccessKeyId'];
    expect(
      verify({ query: request.query.map(([name, value]) => [name === from ? to : name, value] as const) }).ok,
    ).toBe(true);
  });

  it('refuses the OBS V2 signature with any signed part changed', () => {
    const header = (wanted: string, value: string) => ({
      header: (name: string) => (name === wanted ? value : request.header(name)),
      headerNames: [...request.headerNames, wanted],
    });
    const changes: Partial<ObsRequest>[] = [
      { method: 'PATCH' },
      { bucket: 'another' },
      { key: `${request.key}x` },
      header('content-type', 'text/plain'),
      header('content-md5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
      {
        query: request.query.map(
          ([name, value]) => [name, name === 'Expires' ? String(Number(value) + 1) : value] as const,
        ),
      },
      { query: [...request.query, ['acl', '']] },
    ];
    for (const change of changes)
      expect(verify(change)).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
  });

  it('does not sign paging parameters', () => {
    expect(verify({ query: [...request.query, ['part-number-marker', '5']] }).ok).toBe(true);
  });

  it('refuses an expired URL before checking its signature', () => {
    const expires = Number(request.query.find(([name]) => name === 'Expires')?.[1]) * 1000;
    expect(verify({}, expires).ok).toBe(true);
    expect(verify({ key: 'x' }, expires + 1)).toEqual({
      ok: false,
      code: 'AccessDenied',
      message: 'Request has expired.',
    });
  });

  it('refuses an unknown key before an expired URL', () => {
    expect(verifyObsV2(request, { findSecret: () => undefined, nowMs: nowMs + 1e9 })).toEqual({
      ok: false,
      code: 'InvalidAccessKeyId',
    });
  });
});

const date = 'Thu, 15 Jan 2026 08:30:00 GMT';
const headerCases = vectors.header.flatMap((vector) =>
  ('scheme' in vector && vector.scheme ? [vector.scheme] : ['OBS', 'AWS']).map((scheme) => ({
    name: `${vector.name} ${scheme}`,
    stringToSign: vector.string_to_sign,
    request: fromUrl(vector.method, vector.url_path, {
      ...vector.headers,
      Date: date,
      Authorization: `${scheme} ${vectors.accessKey}:${vector.signature}`,
    }),
  })),
);

describe.each(headerCases)('header form $name', ({ request, stringToSign }) => {
  it('accepts the OBS V2 signature, and refuses it changed or late', () => {
    expect(verifyObsV2(request, { findSecret, nowMs }).ok).toBe(true);
    expect(verifyObsV2(request, { findSecret: () => 'wrong', nowMs })).toMatchObject({
      code: 'SignatureDoesNotMatch',
      stringToSign,
    });
    expect(verifyObsV2({ ...request, method: 'GET' }, { findSecret, nowMs })).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    expect(verifyObsV2(request, { findSecret, nowMs: nowMs + 16 * 60_000 })).toMatchObject({
      code: 'RequestTimeTooSkewed',
    });
  });
});

it('refuses a request without any signature, and one that cannot be read', () => {
  const bare = fromUrl('GET', '/b/k', {});
  expect(verifyObsV2(bare, { findSecret, nowMs })).toMatchObject({ code: 'AccessDenied' });
  expect(
    verifyObsV2(fromUrl('GET', '/b/k?AWSAccessKeyId=a&Signature=b', {}), { findSecret, nowMs }),
  ).toMatchObject({ code: 'AccessDenied' });
  expect(
    verifyObsV2(fromUrl('GET', '/b/k', { Authorization: 'AWS nothing' }), { findSecret, nowMs }),
  ).toMatchObject({ code: 'AccessDenied' });
});

import { describe, expect, it } from 'vitest';
import type { QueryPair } from '../http/encoding.js';
import type { OssSignedRequest } from './oss-claim.js';
import { ossV1StringToSign, verifyOssV1 } from './oss-v1.js';
import data from './oss-v1.vectors.json' with { type: 'json' };

const nowMs = Date.parse(data.now);
const { bucket, region } = data;
const findSecret = (id: string): string | undefined =>
  id === data.accessKeyId ? data.accessKeySecret : undefined;
const request = (
  method: string,
  key: string,
  query: readonly QueryPair[],
  headers: object,
): OssSignedRequest => {
  const lower = Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    method,
    bucket,
    key,
    query,
    headerNames: Object.keys(lower),
    header: (name) => lower[name.toLowerCase()],
  };
};
const pairs = (query: object): QueryPair[] =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, String(value)]);

describe.each(data.presigned)(
  'OSS V1 URL, $method $key $query',
  ({ method, key, query, headers, signature, stringToSign }) => {
    const signing: QueryPair[] = [
      ['OSSAccessKeyId', data.accessKeyId],
      ['Expires', '1774860600'],
      ['Signature', signature],
      ['security-token', data.securityToken],
    ];
    const original = request(method, key, [...signing, ...pairs(query)], headers);
    const verify = (changes: Partial<OssSignedRequest> = {}, now = nowMs) =>
      verifyOssV1({ ...original, ...changes }, { findSecret, region, nowMs: now });
    const replaced = (name: string, value: string): QueryPair[] =>
      original.query.map((pair) => (pair[0] === name ? [name, value] : pair));

    it('accepts the OSS V1 signature', () => {
      expect(verify()).toEqual({
        ok: true,
        accessKeyId: data.accessKeyId,
        securityToken: data.securityToken,
      });
      expect(ossV1StringToSign(original, '1774860600')).toBe(stringToSign);
    });

    it('refuses the OSS V1 signature with any signed part changed', () => {
      const header = (wanted: string, value: string) =>
        request(method, key, original.query, { ...headers, [wanted]: value });
      const changes: Partial<OssSignedRequest>[] = [
        { method: 'PATCH' },
        { bucket: 'another' },
        { key: `${key}x` },
        { query: [...original.query, ['acl', '']] },
        { query: [...original.query, ['x-oss-process', 'a']] },
        { query: replaced('security-token', 'other') },
        { query: replaced('Expires', '1774860601') },
        header('content-type', 'text/plain'),
        header('content-md5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
        header('x-oss-meta-a', 'b'),
      ];
      for (const change of changes)
        expect(verify(change)).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
      expect(verify({ query: replaced('OSSAccessKeyId', 'other') })).toMatchObject({
        code: 'InvalidAccessKeyId',
      });
    });

    it('does not sign paging parameters, and uses the first of repeated ones', () => {
      expect(
        verify({
          query: [
            ...original.query,
            ['max-parts', '5'],
            ['part-number-marker', '1'],
            ['security-token', 'again'],
          ],
        })?.ok,
      ).toBe(true);
    });

    it('refuses an expired URL before any other check', () => {
      expect(verify({}, 1774860600_000)?.ok).toBe(true);
      expect(verify({ key: 'x' }, 1774860600_001)).toMatchObject({
        code: 'AccessDenied',
        message: 'Request has expired.',
      });
      expect(verify({ query: replaced('Expires', 'soon') })).toMatchObject({
        code: 'AccessDenied',
        message: 'Invalid date (should be seconds since epoch).',
      });
      expect(verify({ query: original.query.filter(([name]) => name !== 'Signature') })).toMatchObject({
        code: 'AccessDenied',
      });
    });
  },
);

describe.each(data.header.vectors)('OSS V1 header, $method $query', ({ method, query, signature }) => {
  const { key, contentType, v1Date } = data.header;
  const headers = {
    'content-type': contentType,
    'x-oss-date': v1Date,
    'x-oss-security-token': data.securityToken,
    authorization: `OSS ${data.accessKeyId}:${signature}`,
  };
  const verify = (more: object = {}, now = nowMs) =>
    verifyOssV1(
      request(method, key, pairs(Object.fromEntries(new URLSearchParams(query))), { ...headers, ...more }),
      { findSecret, region, nowMs: now },
    );

  it('accepts the OSS V1 signature, and refuses it changed or late', () => {
    expect(verify()).toMatchObject({ ok: true, securityToken: data.securityToken });
    expect(verify({ 'content-type': 'text/plain' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(verify({ 'x-oss-date': 'Mon, 30 Mar 2026 08:00:01 GMT' })).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    expect(verify({}, nowMs + 15 * 60_000 + 1)).toMatchObject({ code: 'RequestTimeTooSkewed' });
    expect(verify({ 'x-oss-date': 'noon' })).toMatchObject({ code: 'AccessDenied' });
  });
});

it('agrees with the vendor’s client in Go', () => {
  const { go } = data;
  const query: QueryPair[] = [
    ...pairs(go.query),
    ['OSSAccessKeyId', 'ak'],
    ['Expires', go.expires],
    ['Signature', go.signature],
  ];
  const outcome = verifyOssV1(
    { ...request(go.method, go.key, query, {}), bucket: go.bucket },
    { findSecret: () => go.secret, region, nowMs: Number(go.expires) * 1000 },
  );
  expect(outcome?.ok).toBe(true);
});

it('ignores requests without a V1 signature', () => {
  expect(verifyOssV1(request('GET', 'k', [], {}), { findSecret, region, nowMs })).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import type { QueryPair } from '../http/encoding.js';
import type { OssSignedRequest } from './oss-claim.js';
import { ossV4CanonicalRequest, verifyOssV4 } from './oss-v4.js';
import data from './oss-v4.vectors.json' with { type: 'json' };

const nowMs = Date.parse(data.now);
const { bucket, region } = data;
const date = '20260330T080000Z';
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
  'OSS V4 URL, $method $key $query',
  ({ method, key, query, headers, additionalHeaders, signature, ...rest }) => {
    const signing: QueryPair[] = [
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-credential', `${data.accessKeyId}/20260330/${region}/oss/aliyun_v4_request`],
      ['x-oss-date', date],
      ['x-oss-expires', '3000'],
      ['x-oss-security-token', data.securityToken],
      ['x-oss-signature', signature],
      ...(additionalHeaders.length > 0
        ? [['x-oss-additional-headers', additionalHeaders.join(';')] as const]
        : []),
    ];
    const original = request(method, key, [...signing, ...pairs(query)], headers);
    const verify = (changes: Partial<OssSignedRequest> = {}, now = nowMs) =>
      verifyOssV4({ ...original, ...changes }, { findSecret, region, nowMs: now });
    const replaced = (name: string, value: string): QueryPair[] =>
      original.query.map((pair) => (pair[0] === name ? [name, value] : pair));

    it('accepts the OSS V4 signature', () => {
      expect(verify()).toEqual({
        ok: true,
        accessKeyId: data.accessKeyId,
        securityToken: data.securityToken,
      });
      if ('canonicalRequest' in rest)
        expect(ossV4CanonicalRequest(original, additionalHeaders)).toBe(rest.canonicalRequest);
    });

    it('refuses the OSS V4 signature with anything in the URL changed', () => {
      const header = (wanted: string, value: string) =>
        request(method, key, original.query, { ...headers, [wanted]: value });
      const changes: Partial<OssSignedRequest>[] = [
        { method: 'PATCH' },
        { bucket: 'another' },
        { key: `${key}x` },
        { query: [...original.query, ['anything', '1']] },
        { query: replaced('x-oss-security-token', 'other') },
        { query: replaced('x-oss-expires', '3001') },
        header('content-type', 'text/plain'),
        header('content-md5', 'AAAAAAAAAAAAAAAAAAAAAA=='),
        header('x-oss-meta-a', 'b'),
        ...((additionalHeaders as string[]).includes('host') ? [header('host', 'elsewhere')] : []),
      ];
      for (const change of changes)
        expect(verify(change)).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
      expect(
        verify({ query: replaced('x-oss-credential', `other/20260330/${region}/oss/aliyun_v4_request`) }),
      ).toMatchObject({ code: 'InvalidAccessKeyId' });
      for (const scope of [`20260331/${region}/oss`, '20260330/cn-beijing/oss', `20260330/${region}/vod`]) {
        expect(
          verify({ query: replaced('x-oss-credential', `${data.accessKeyId}/${scope}/aliyun_v4_request`) }),
        ).toMatchObject({ code: 'InvalidArgument' });
      }
    });

    it('ends with its expiry, and does not begin more than fifteen minutes ahead', () => {
      expect(verify({}, nowMs + 3000_000)?.ok).toBe(true);
      expect(verify({ key: 'x' }, nowMs + 3000_001)).toMatchObject({
        code: 'AccessDenied',
        message: 'Request has expired.',
      });
      expect(verify({}, nowMs - 15 * 60_000)?.ok).toBe(true);
      expect(verify({}, nowMs - 15 * 60_000 - 1)).toMatchObject({ code: 'RequestTimeTooSkewed' });
      for (const seconds of ['0', '604801', 'x'])
        expect(verify({ query: replaced('x-oss-expires', seconds) })).toMatchObject({
          code: 'InvalidArgument',
        });
      expect(verify({ query: replaced('x-oss-date', 'x') })).toMatchObject({ code: 'InvalidArgument' });
    });
  },
);

it('refuses `uploads=` with its equals sign signed, as one client does it', () => {
  const query: QueryPair[] = [
    ['uploads', ''],
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `${data.accessKeyId}/20260330/${region}/oss/aliyun_v4_request`],
    ['x-oss-date', date],
    ['x-oss-expires', '3000'],
    ['x-oss-security-token', data.securityToken],
    ['x-oss-signature', data.wrongClient.signature],
  ];
  expect(
    verifyOssV4(request('POST', 'sv/3f2a1b/video.mp4', query, {}), { findSecret, region, nowMs }),
  ).toMatchObject({ code: 'SignatureDoesNotMatch' });
});

describe.each(data.header.vectors)('OSS V4 header, $method $query', ({ method, query, signature }) => {
  const { key, contentType } = data.header;
  const authorization = `OSS4-HMAC-SHA256 Credential=${data.accessKeyId}/20260330/${region}/oss/aliyun_v4_request,Signature=${signature}`;
  const headers = {
    'content-type': contentType,
    'x-oss-date': date,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-security-token': data.securityToken,
    authorization,
  };
  const verify = (more: object = {}, now = nowMs) =>
    verifyOssV4(
      request(method, key, pairs(Object.fromEntries(new URLSearchParams(query))), { ...headers, ...more }),
      { findSecret, region, nowMs: now },
    );

  it('accepts the OSS V4 signature, and refuses it changed or late', () => {
    expect(verify()).toMatchObject({ ok: true, securityToken: data.securityToken });
    expect(verify({ 'content-type': 'text/plain' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(verify({ 'x-oss-meta-a': 'b' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(verify({}, nowMs + 15 * 60_000 + 1)).toMatchObject({ code: 'RequestTimeTooSkewed' });
    expect(verify({ 'x-oss-content-sha256': undefined })).toMatchObject({ code: 'InvalidArgument' });
    expect(verify({ 'x-oss-date': 'noon' })).toMatchObject({ code: 'AccessDenied' });
  });
});

it('agrees with the vendor’s client in Go', () => {
  const { go } = data;
  const query: QueryPair[] = [
    ...pairs(go.query),
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `ak/20231217/${go.region}/oss/aliyun_v4_request`],
    ['x-oss-date', go.date],
    ['x-oss-expires', go.expires],
    ['x-oss-security-token', go.securityToken],
    ['x-oss-signature', go.signature],
  ];
  const outcome = verifyOssV4(
    { ...request(go.method, go.key, query, go.headers), bucket: go.bucket },
    { findSecret: () => go.accessKeySecret, region: go.region, nowMs: Date.parse('2023-12-17T03:56:28Z') },
  );
  expect(outcome?.ok).toBe(true);
});

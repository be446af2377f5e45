import { describe, expect, it } from 'vitest';
import { encodeRfc3986 } from '../encoding.js';
import { signSdkHmacSha256 } from './sdk-hmac-sha256.js';
import vectors from './sdk-hmac-sha256.vectors.json' with { type: 'json' };

const { common } = vectors;
const keys = { accessKey: common.access_key, secretKey: common.secret_key };

/** The signer adds the date itself. */
function withoutDate(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'X-Sdk-Date',
    ),
  );
}

function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** In the order given, not the sorted one: sorting is the signer's work. */
function queryOf(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}=${encodeRfc3986(String(one))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

describe('the SDK-HMAC-SHA256 signature', () => {
  it('computes the SDK-HMAC-SHA256 signature of the worked example in the signing guide', () => {
    const { vendor } = vectors;
    const [method = '', url = ''] = vendor.request.split(' ');
    const signed = signSdkHmacSha256(
      {
        method,
        url,
        headers: withoutDate(vendor.headers),
        body: '',
        date: dateOf(vendor.headers['X-Sdk-Date']),
      },
      { accessKey: vendor.access_key, secretKey: vendor.secret_key },
    );
    expect(signed.headers.Authorization).toBe(vendor.authorization);
    expect(signed.stringToSign.split('\n')[2]).toBe(vendor.canonical_request_sha256);
  });

  it.each(vectors.generated)(
    'computes the same SDK-HMAC-SHA256 signature as the vendor’s signer: $name',
    (vector) => {
      const url = vector.signed_url_path_and_host + queryOf(vector.query);
      const signed = signSdkHmacSha256(
        {
          method: vector.method,
          url,
          headers: withoutDate(vector.headers),
          body: vector.body,
          date: dateOf(common.date),
        },
        keys,
      );
      expect(signed.canonicalRequest).toBe(vector.canonical_request);
      expect(signed.stringToSign).toBe(vector.string_to_sign);
      expect(signed.headers.Authorization).toBe(vector.authorization);
    },
  );

  it.each(vectors.wire)(
    'computes the SDK-HMAC-SHA256 signature that the vendor’s client sends over the wire: $name',
    ({ request_line, body_utf8, signature }) => {
      const [method = '', path = ''] = request_line.split(' ');
      const headers = { 'content-type': 'application/json', 'x-project-id': common.project_id };
      const signed = signSdkHmacSha256(
        {
          method,
          url: `http://${common.wire_host}${path}`,
          headers,
          body: body_utf8,
          date: dateOf(common.date),
        },
        keys,
      );
      expect(signed.headers.Authorization).toBe(
        `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=${signature}`,
      );
    },
  );

  it.each([
    ['method', { method: 'PUT' }],
    ['path', { url: 'https://vod.example.com/v1.0/p/other?a=1' }],
    ['query', { url: 'https://vod.example.com/v1.0/p/asset?a=2' }],
    ['host', { url: 'https://vod2.example.com/v1.0/p/asset?a=1' }],
    ['header', { headers: { 'Content-Type': 'text/plain' } }],
    ['body', { body: '{ }' }],
    ['date', { date: new Date(1_768_465_801_000) }],
  ])('changes the SDK-HMAC-SHA256 signature when the %s changes', (_, change) => {
    const request = {
      method: 'POST',
      url: 'https://vod.example.com/v1.0/p/asset?a=1',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
      date: new Date(1_768_465_800_000),
    };
    const [one, other] = [
      signSdkHmacSha256(request, keys),
      signSdkHmacSha256({ ...request, ...change }, keys),
    ];
    expect(other.headers.Authorization).not.toBe(one.headers.Authorization);
  });

  it('sends the security token of temporary keys and includes it in the SDK-HMAC-SHA256 signature', () => {
    const signed = signSdkHmacSha256(
      { method: 'GET', url: 'https://vod.example.com/', headers: {}, body: '', date: new Date(0) },
      { ...keys, securityToken: 'sts' },
    );
    expect(signed.headers['X-Security-Token']).toBe('sts');
    expect(signed.headers.Authorization).toContain('SignedHeaders=host;x-sdk-date;x-security-token,');
  });
});

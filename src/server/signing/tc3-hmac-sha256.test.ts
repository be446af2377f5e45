import { describe, expect, it } from 'vitest';
import { signTc3, type Tc3Request } from './tc3-hmac-sha256.js';
import vectors from './tc3-hmac-sha256.vectors.json' with { type: 'json' };

const { secretId, secretKey, timestamp } = vectors;
const keys = { secretId, secretKey };

/** The vendor's client leaves the port out of the host it signs; we sign the host as it is sent. */
const withoutPort = (url: string) => url.replace(/:\d+\//, '/');

describe('the TC3-HMAC-SHA256 signature', () => {
  it.each(vectors.signed)(
    'computes the same TC3-HMAC-SHA256 signature as the vendor’s signer: $name',
    ({ method, url, contentType, body, canonicalRequest, stringToSign, authorization }) => {
      const signed = signTc3(
        { method, url: withoutPort(url), contentType, body, timestamp, service: 'vod' },
        keys,
      );
      expect(signed).toEqual({ canonicalRequest, stringToSign, authorization });
    },
  );

  it.each<[string, Partial<Tc3Request>]>([
    ['method', { method: 'PUT' }],
    ['query', { url: 'https://vod.example.com/?a=2' }],
    ['host', { url: 'https://vod2.example.com/?a=1' }],
    ['port', { url: 'https://vod.example.com:8443/?a=1' }],
    ['type', { contentType: 'text/plain' }],
    ['body', { body: '{ }' }],
    ['time', { timestamp: timestamp + 1 }],
    ['service', { service: 'cvm' }],
  ])('changes the TC3-HMAC-SHA256 signature when the %s changes', (_, change) => {
    const request: Tc3Request = {
      method: 'POST',
      url: 'https://vod.example.com/?a=1',
      contentType: 'application/json',
      body: '{}',
      timestamp,
      service: 'vod',
    };
    const [one, other] = [signTc3(request, keys), signTc3({ ...request, ...change }, keys)];
    expect(other.authorization).not.toBe(one.authorization);
  });
});

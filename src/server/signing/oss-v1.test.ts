import { describe, expect, it } from 'vitest';
import { ossV1Signature, ossV1StringToSign, ossV1Presigner } from './oss-v1.js';
import type { OssRequest } from './oss-request.js';
import data from './oss-v1.vectors.json' with { type: 'json' };

type Method = OssRequest['method'];
const lowerCase = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
const { bucket, accessKeyId, accessKeySecret, securityToken, region, lifetimeSeconds } = data;

describe.each(data.presigned)(
  'the OSS V1 signature of a presigned URL, $method $key',
  ({ method, key, query, headers, signature, stringToSign, ...rest }) => {
    const signed = {
      method: method as Method,
      bucket,
      key,
      query: { ...defined(query), 'security-token': securityToken },
      headers: lowerCase(headers),
    };

    it('computes the same OSS V1 URL signature as the vendor’s client', () => {
      const text = ossV1StringToSign(signed, '1774860600');
      expect(text).toBe(stringToSign);
      expect(ossV1Signature(text, accessKeySecret)).toBe(signature);
    });

    it('builds an OSS V1 presigned URL with the same parameters as the vendor’s client', () => {
      const url = `https://${bucket}.oss-cn-shanghai.aliyuncs.com/${encodeURI(key)}`;
      const request: OssRequest = {
        ...signed,
        query: defined(query),
        url,
        date: new Date(data.now),
        lifetimeSeconds,
      };
      const made = new URL(
        ossV1Presigner(request, { accessKeyId, accessKeySecret, securityToken, region })(request),
      );
      expect(made.searchParams.get('Signature')).toBe(signature);
      if ('url' in rest)
        expect([...made.searchParams].sort()).toEqual([...new URL(String(rest.url)).searchParams].sort());
    });
  },
);

describe.each(data.header.vectors)(
  'the OSS V1 signature in a header, $method $query',
  ({ method, query, signature, ...rest }) => {
    it('computes the same OSS V1 header signature as the vendor’s client', () => {
      const { v1Date, contentType, key } = data.header;
      const headers = {
        'content-type': contentType,
        'x-oss-date': v1Date,
        'x-oss-security-token': securityToken,
      };
      const text = ossV1StringToSign(
        {
          method: method as Method,
          bucket,
          key,
          query: Object.fromEntries(new URLSearchParams(query)),
          headers,
        },
        v1Date,
      );
      if ('stringToSign' in rest) expect(text).toBe(rest.stringToSign);
      expect(ossV1Signature(text, accessKeySecret)).toBe(signature);
    });
  },
);

it('computes the same OSS V1 signature as the vendor’s Go client', () => {
  const { method, secret, expires, signature, ...signed } = data.go;
  expect(ossV1Signature(ossV1StringToSign({ ...signed, method: method as Method }, expires), secret)).toBe(
    signature,
  );
});

function defined(query: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

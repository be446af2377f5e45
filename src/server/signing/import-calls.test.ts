import { describe, expect, it } from 'vitest';
import { encodeRfc3986 } from '../encoding.js';
import { sha256Hex } from '../hash.js';
import data from './import-calls.vectors.json' with { type: 'json' };
import { rpcV1Signature, rpcV1StringToSign } from './rpc-v1.js';
import huaweiData from './sdk-hmac-sha256.vectors.json' with { type: 'json' };
import { signSdkHmacSha256 } from './sdk-hmac-sha256.js';
import tencentData from './tc3-hmac-sha256.vectors.json' with { type: 'json' };
import { signTc3 } from './tc3-hmac-sha256.js';

const rpcSecret = 'testAccessKeySecret';

describe('the signatures of calls that import from links', () => {
  const [first] = data.huawei;
  it.each(data.huawei)('is that of Huawei’s client: $name', ({ body, body_sha256, signature }) => {
    const { access_key: accessKey, secret_key: secretKey, project_id: projectId } = huaweiData.common;
    expect(sha256Hex(body)).toBe(body_sha256);
    const signed = signSdkHmacSha256(
      {
        method: 'POST',
        url: `https://${first?.host}${first?.path}`,
        headers: { 'X-Project-Id': projectId, 'content-type': 'application/json' },
        body,
        date: new Date('2026-01-15T08:30:00Z'),
      },
      { accessKey, secretKey },
    );
    expect(signed.headers['Authorization']).toContain(`Signature=${signature}`);
  });

  it.each(data.alibaba)('is that of Alibaba’s client: $name', ({ method, params, signature, ...more }) => {
    const given = params as unknown as Record<string, string>;
    expect(rpcV1Signature(method, given, rpcSecret)).toBe(signature);
    if ('stringToSign' in more) expect(rpcV1StringToSign(method, given)).toBe(more.stringToSign);
  });

  it('signs the links of Alibaba as they are sent: encoded once before the parameters are', () => {
    const [pull] = data.alibaba;
    const links = data.unencoded.changed.UploadURLs.split(',');
    expect(links.map(encodeRfc3986).join(',')).toBe(pull?.params.UploadURLs);
    const unencoded = { ...(pull?.params as unknown as Record<string, string>), ...data.unencoded.changed };
    expect(rpcV1Signature('POST', unencoded, rpcSecret)).toBe(data.unencoded.signature);
  });

  it.each(data.tencent)('is that of Tencent’s client: $name', ({ host, body, signature }) => {
    const { authorization } = signTc3(
      {
        method: 'POST',
        url: `https://${host}/`,
        contentType: 'application/json',
        body,
        timestamp: tencentData.timestamp,
        service: 'vod',
      },
      tencentData,
    );
    expect(authorization).toContain(`Signature=${signature}`);
  });
});
